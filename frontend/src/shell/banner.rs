//! Banners: that you look at the past, that something could not be read, that the last snapshot failed.

use leptos::prelude::*;
use shared::snapshots::{Collected, KindCoverage, Outcome};

use super::Frame;
use crate::components::ago::{use_now, when};
use crate::components::icon::{Icon, icon};
use crate::format;
use crate::here::Here;

/// How many kinds are named before the rest is counted.
const NAMED: usize = 3;

/// All banners that apply.
pub(super) fn banners(here: Here, frame: Frame) -> AnyView {
    let partial = Memo::new(move |_| frame.overview.map(|overview| unread(&overview.body.kinds)).flatten());
    view! {
        <div role="status">
            {move || past(here, frame)}
            {move || failed(here, frame)}
            {move || partial.get().map(|fact| banner(here, "banner partial", Icon::Alert, (fact, UNDECIDED)))}
        </div>
    }
    .into_any()
}

fn past(here: Here, frame: Frame) -> Option<AnyView> {
    let at = here.instant()?;
    let now = use_now();
    let text = move || format!("You see the cluster as of {}.", format::instant(at, now.get()));
    let rests_on = move || {
        frame
            .overview
            .map(|overview| overview.as_of.as_ref().map(|as_of| as_of.taken_at))
            .flatten()
            .map(|taken| {
                view! { " It rests on the snapshot of "{when(taken)}"." }
            })
    };
    Some(
        view! {
            <div class="banner past">
                {icon(Icon::Past)}
                <p><b>{text}</b>{rests_on}</p>
                <a class="btn small" data-noscroll href=move || here.with(&[("at", None), ("cursor", None)])>"Back to now"</a>
            </div>
        }
        .into_any(),
    )
}

/// The newest snapshot came to nothing; what is shown is from the one before.
fn failed(here: Here, frame: Frame) -> Option<AnyView> {
    if here.instant().is_some() {
        return None;
    }
    let newest = frame.snapshots.map(|page| page.items.first().cloned())??;
    let text = || format!("The last snapshot failed: {}", newest.reason);
    (newest.outcome == Outcome::Failed).then(|| banner(here, "banner problem", Icon::Alert, (text(), STALE)))
}

const UNDECIDED: &str = "Checks that need them are not evaluated; none counts as a pass.";
const STALE: &str = "What you see is from the one before.";

fn banner(here: Here, class: &'static str, glyph: Icon, (fact, rest): (String, &'static str)) -> AnyView {
    view! {
        <div class=class>
            {icon(glyph)}
            <p><b>{fact}</b>" "{rest}</p>
            <a class="btn small" href=move || here.link("/snapshots")>"Snapshots"</a>
        </div>
    }
    .into_any()
}

/// What could not be read, in words; none where all was.
fn unread(kinds: &[KindCoverage]) -> Option<String> {
    let of = |wanted: fn(&Collected) -> bool| -> Vec<&str> {
        kinds
            .iter()
            .filter(|kind| wanted(&kind.outcome))
            .map(|kind| kind.resource.as_str())
            .collect()
    };
    let denied = of(|outcome| matches!(outcome, Collected::Denied { .. }));
    let failed = of(|outcome| matches!(outcome, Collected::Failed { .. }));
    let parts: Vec<String> = [("denied (403)", denied), ("not read because of an error", failed)]
        .into_iter()
        .filter_map(named)
        .collect();
    (!parts.is_empty()).then(|| format!("{}.", parts.join("; ")))
}

fn named((what, kinds): (&str, Vec<&str>)) -> Option<String> {
    let names = kinds.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = match kinds.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!kinds.is_empty()).then(|| {
        format!(
            "{} {what}: {names}{more}",
            format::count(kinds.len() as u64, "kind was", "kinds were")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(resource: &str, outcome: Collected) -> KindCoverage {
        KindCoverage {
            resource: resource.into(),
            outcome,
        }
    }

    #[test]
    fn kinds_that_could_not_be_read_are_named() {
        let denied = || Collected::Denied {
            reason: "forbidden".into(),
        };
        let kinds = [
            kind("pods", Collected::Collected { count: 3 }),
            kind("secrets", denied()),
            kind("adminnetworkpolicies.policy.networking.k8s.io", Collected::Absent),
            kind(
                "nodes",
                Collected::Failed {
                    reason: "timeout".into(),
                },
            ),
        ];
        assert_eq!(
            unread(&kinds).as_deref(),
            Some("1 kind was denied (403): secrets; 1 kind was not read because of an error: nodes.")
        );
    }

    #[test]
    fn absent_kinds_are_no_gap() {
        assert_eq!(
            unread(&[
                kind("x", Collected::Absent),
                kind("y", Collected::Collected { count: 0 })
            ]),
            None
        );
    }
}
