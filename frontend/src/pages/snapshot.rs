//! One snapshot: its sources, what could not be read and why, and what would let it be read.

mod rule;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::snapshots::{Collected, KindCoverage, Outcome, SnapshotDetail, SnapshotRow};
use shared::verdict::Verdict;

use super::snapshots::outcome;
use crate::api;
use crate::components::ago::when;
use crate::components::card::Card;
use crate::components::code::plain_code;
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon};
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::number_or_unknown;
use crate::components::table::scroll;
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::{Here, at_param, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id")).unwrap_or_default();
    let snapshot = load(move || api::snapshots::get(&id(), here.cluster()));
    let title = Signal::derive(move || format!("Snapshot {}", id()));
    let meta = move || {
        snapshot
            .get()
            .map(|snapshot| view! { "taken "{when(snapshot.row.taken_at)}" UTC" })
    };
    let then = move || {
        let row = snapshot.get()?.row;
        let to = format!("/?at={}", at_param(row.taken_at));
        (row.outcome != Outcome::Failed).then(
            || view! { <a class="btn" href=move || here.link(&to)>{icon(Icon::Past)}"See the cluster as of then"</a> },
        )
    };
    view! {
        <PageHead
            title=title
            crumbs=crumbs(here, &[("Snapshots", "/snapshots")], move || format!("Snapshot {}", id()))
            meta=meta
            actions=then
        />
        {loaded(snapshot, "kinds", || table_skeleton(10), move |snapshot| body(here, snapshot.clone()))}
    }
    .into_any()
}

fn body(here: Here, snapshot: SnapshotDetail) -> AnyView {
    let failed = (snapshot.row.outcome == Outcome::Failed).then(|| {
        let reason = snapshot.row.reason.clone();
        view! { <div class="card"><p class="banner problem in">{icon(Icon::Alert)}<b>{reason}</b></p></div> }
    });
    let rule = rule::missing(&snapshot.kinds).map(missing_rule);
    let warnings = (!snapshot.warnings.is_empty()).then(|| warnings(snapshot.warnings.clone()));
    view! {
        {failed}
        {stats(here, &snapshot.row)}
        {kinds(snapshot.kinds)}
        {rule}
        {warnings}
    }
    .into_any()
}

fn stats(here: Here, row: &SnapshotRow) -> AnyView {
    let at = at_param(row.taken_at);
    let score = row.score.map(|score| {
        let range = format!(" {:.0} to {:.0} possible", score.low.round(), score.high.round());
        view! { <span class="v">{format::score(score.value)}<small>" of 100"</small></span><span class="delta">{range}</span> }
    });
    let findings = format::number(row.open.total());
    view! {
        <section class="card stats" aria-label="Summary">
            <div><span class="k">"Outcome"</span><span class="v">{outcome(row.outcome)}</span></div>
            <div>
                <span class="k">"Kinds"</span>
                <span class="v">{row.kinds_collected}<small>{format!(" of {}", row.kinds_total)}</small></span>
            </div>
            <div><span class="k">"Objects"</span><span class="v">{format::number(row.objects)}</span></div>
            <div><span class="k">"Score"</span>{score}</div>
            <a href=move || here.link(&format!("/findings?at={at}"))><span class="k">"Open findings"</span><span class="v">{findings}</span></a>
            <div><span class="k">"Took"</span><span class="v">{format::duration(row.duration_ms)}</span></div>
            <div><span class="k">"Checks of release"</span><span class="v">{row.catalogue.clone()}</span></div>
        </section>
    }
    .into_any()
}

/// Every kind; what could not be read comes first.
fn kinds(mut kinds: Vec<KindCoverage>) -> AnyView {
    kinds.sort_by_key(|kind| (urgency(&kind.outcome), kind.resource.clone()));
    let row = |kind: KindCoverage| {
        view! {
            <tr>
                <th scope="row" class="mono tight">{kind.resource.clone()}</th>
                <td class="tight">{ending(&kind.outcome)}</td>
                <td class="num tight wide">{number_or_unknown(kind.outcome.count())}</td>
                <td class="reason">{kind.outcome.reason().to_owned()}</td>
            </tr>
        }
    };
    let table = view! {
        <table class="table fits">
            <thead>
                <tr>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Collected"</th>
                    <th scope="col" class="num wide">"Objects"</th>
                    <th scope="col">"Why"</th>
                </tr>
            </thead>
            <tbody>{kinds.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    view! {
        <Card id="kinds" title="Sources" note="every kind that was asked for, and how reading it ended">
            {scroll("Kinds", table)}
        </Card>
    }
    .into_any()
}

fn urgency(outcome: &Collected) -> u8 {
    match outcome {
        Collected::Denied { .. } => 0,
        Collected::Failed { .. } => 1,
        Collected::Skipped { .. } => 2,
        Collected::Collected { .. } => 3,
        Collected::Absent => 4,
    }
}

fn ending(outcome: &Collected) -> AnyView {
    match outcome {
        Collected::Collected { .. } => verdict_with(Verdict::Pass, "all"),
        Collected::Denied { .. } => verdict_with(Verdict::Fail, "denied"),
        Collected::Failed { .. } => verdict_with(Verdict::Fail, "failed"),
        Collected::Absent => verdict_with(Verdict::NotEvaluated, "absent"),
        Collected::Skipped { .. } => verdict_with(Verdict::NotEvaluated, "skipped"),
    }
}

fn missing_rule(rule: String) -> AnyView {
    view! {
        <Card id="rule" title="What is missing" note="these rules, in the ClusterRole that Plimsoll reads with">
            <div class="card-body">{plain_code("rules", rule)}</div>
        </Card>
    }
    .into_any()
}

fn warnings(warnings: Vec<String>) -> AnyView {
    let items = warnings
        .into_iter()
        .map(|text| view! { <li class="note warn">{icon(Icon::Alert)}<span>{text}</span></li> });
    view! {
        <Card id="warnings" title="Warnings" note="what else went wrong; the rest went on">
            <div class="card-body"><ul class="stack tight-gap">{items.collect_view()}</ul></div>
        </Card>
    }
    .into_any()
}
