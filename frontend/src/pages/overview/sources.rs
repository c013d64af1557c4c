//! What the score rests on: the kinds that were read, and those that were not, and why.

use leptos::prelude::*;
use shared::clusters::Source;
use shared::overview::Overview;
use shared::page::Stamped;
use shared::snapshots::{Collected, KindCoverage};
use shared::verdict::Verdict;

use crate::components::ago::age;
use crate::components::card::Card;
use crate::components::link::link;
use crate::components::table::scroll;
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;

/// The snapshot in a line, then what is missing from it.
pub(super) fn sources(here: Here, overview: &Stamped<Overview>) -> AnyView {
    let kinds = &overview.body.kinds;
    let to = overview
        .as_of
        .as_ref()
        .map_or("/snapshots".into(), |as_of| format!("/snapshots/{}", as_of.snapshot));
    let table = view! {
        <table class="table roomy">
            <thead>
                <tr><th scope="col">"Source"</th><th scope="col" class="num">"Age"</th><th scope="col" class="num">"Got"</th></tr>
            </thead>
            <tbody>{whole(here, overview, &to)}{missing(kinds)}</tbody>
        </table>
    };
    let end = link(here, "link", to.clone(), "Snapshot");
    view! {
        <Card id="sources" class="c4 fill" title="Sources" note="what the score rests on" end=end>
            {scroll("What the score rests on", table)}
        </Card>
    }
    .into_any()
}

fn whole(here: Here, overview: &Stamped<Overview>, to: &str) -> Option<AnyView> {
    let (got, served) = got(&overview.body.kinds);
    let verdict = if got == served { Verdict::Pass } else { Verdict::Manual };
    let word = if got == served { "whole" } else { "in part" };
    let cluster = overview.body.cluster.as_ref()?;
    let name = match cluster.source {
        Source::Live => "Kubernetes API",
        Source::Files => "Manifests",
        Source::Demo => "Demo cluster",
    };
    let absent = overview
        .body
        .kinds
        .iter()
        .filter(|kind| kind.outcome == Collected::Absent)
        .count();
    let absent = (absent > 0).then(|| format!("{} not served", format::count(absent as u64, "kind is", "kinds are")));
    let version = Some(cluster.version.clone()).filter(|version| !version.is_empty());
    let sub = version.into_iter().chain(absent).collect::<Vec<_>>().join("; ");
    let row = view! {
        <tr>
            <td class="src">
                <span class="state">{verdict_with(verdict, view! { <span class="sr">{word}": "</span> })}{name}</span>
                <span class="sub">{sub}</span>
            </td>
            <td class="num">{overview.as_of.as_ref().map(|as_of| age(as_of.taken_at))}</td>
            <td class="num">{link(here, "", to, format!("{got}/{served}"))}</td>
        </tr>
    };
    Some(row.into_any())
}

/// The kinds that should have been read and were not.
fn missing(kinds: &[KindCoverage]) -> AnyView {
    kinds
        .iter()
        .filter(|kind| !kind.outcome.is_known())
        .map(one)
        .collect_view()
        .into_any()
}

fn one(kind: &KindCoverage) -> AnyView {
    let verdict = match kind.outcome {
        Collected::Denied { .. } | Collected::Failed { .. } => Verdict::Fail,
        _ => Verdict::NotEvaluated,
    };
    let reason = kind.outcome.reason().to_owned();
    let title = reason.clone();
    view! {
        <tr>
            <td class="src">
                <span class="state">
                    {verdict_with(verdict, view! { <span class="sr">"not read: "</span> })}
                    <span class="mono" title=kind.resource.clone()>{short(&kind.resource)}</span>
                </span>
                <span class="sub" title=title>{reason}</span>
            </td>
            <td class="num zero">"–"</td>
            <td class="num">{kind.outcome.word()}</td>
        </tr>
    }
    .into_any()
}

/// A resource without its group.
fn short(resource: &str) -> String {
    resource.split('.').next().unwrap_or(resource).to_owned()
}

/// Kinds that were read, and kinds that the cluster serves.
fn got(kinds: &[KindCoverage]) -> (usize, usize) {
    let read = kinds.iter().filter(|kind| kind.outcome.count().is_some()).count();
    let served = kinds.iter().filter(|kind| kind.outcome != Collected::Absent).count();
    (read, served)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_kinds_are_not_counted_as_missing() {
        let kind = |outcome| KindCoverage {
            resource: "x".into(),
            outcome,
        };
        let kinds = [
            kind(Collected::Collected { count: 0 }),
            kind(Collected::Absent),
            kind(Collected::Denied {
                reason: "forbidden".into(),
            }),
        ];
        assert_eq!(got(&kinds), (1, 2));
    }
}
