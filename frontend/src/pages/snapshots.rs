//! Snapshots: when the cluster was read, how completely, and what came of it.

pub(super) mod taking;

use leptos::prelude::*;
use shared::page::Page;
use shared::snapshots::{Outcome, SnapshotQuery, SnapshotRow};
use shared::verdict::Verdict;

use crate::api;
use crate::components::ago::{ago, when};
use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::number;
use crate::components::pager::pager;
use crate::components::table::scroll;
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::{Here, at_param, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let rows = load(move || {
        let query = SnapshotQuery {
            cluster: here.cluster(),
            at: here.instant(),
            cursor: here.param("cursor"),
            ..Default::default()
        };
        api::snapshots::list(&query)
    });
    let taking = taking::watch(here, move || rows.reload());
    let meta = move || rows.map(|page| format::count(page.total, "snapshot, newest first", "snapshots, newest first"));
    view! {
        <PageHead title="Snapshots" meta=meta actions=move || taking::button(here, taking)/>
        {move || taking::card(taking)}
        {loaded(rows, "snapshots", || table_skeleton(8), move |page| list(here, page.clone()))}
    }
    .into_any()
}

fn list(here: Here, page: Page<SnapshotRow>) -> AnyView {
    if page.items.is_empty() {
        let text = "The first is taken when the server starts. Until then there is nothing to judge.";
        return empty("No snapshot yet", text, ());
    }
    let shown = page.items.len();
    let rows = page
        .items
        .into_iter()
        .map(|snapshot| row(here, snapshot))
        .collect_view();
    let table = view! {
        <table class="table roomy fits">
            <thead>
                <tr>
                    <th scope="col">"Taken"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col" class="num wide">"Kinds"</th>
                    <th scope="col" class="num wide">"Objects"</th>
                    <th scope="col" class="num wide">"Took"</th>
                    <th scope="col" class="num">"Score"</th>
                    <th scope="col" class="num">"Open findings"</th>
                    <th scope="col" class="tight wide"><span class="sr">"See the cluster as of then"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <section class="card" aria-label="Snapshots">
            {scroll("Snapshots table", table)}
            {pager(here, shown, page.total, page.next)}
        </section>
    }
    .into_any()
}

fn row(here: Here, snapshot: SnapshotRow) -> AnyView {
    let to = format!("/snapshots/{}", snapshot.id);
    let at = at_param(snapshot.taken_at);
    let failed = snapshot.outcome == Outcome::Failed;
    let reason = failed.then(|| view! { <span class="sub reason">{snapshot.reason.clone()}</span> });
    let stored = move |view: AnyView| {
        if failed {
            view! { <span class="zero">"–"</span> }.into_any()
        } else {
            view
        }
    };
    let score = snapshot.score.and_then(|score| score.value);
    let then = (!failed).then(|| {
        let instant = format!(", {}", format::absolute(snapshot.taken_at));
        let link = move || here.link(&format!("/?at={at}"));
        view! { <a class="btn small" href=link>"As of then"<span class="sr">{instant}</span></a> }
    });
    view! {
        <tr>
            <th scope="row">
                <a data-row href=move || here.link(&to)>{when(snapshot.taken_at)}</a>
                <span class="sub">{ago(snapshot.taken_at)}</span>
            </th>
            <td>{outcome(snapshot.outcome)}{reason}</td>
            <td class="num wide">{format!("{} of {}", snapshot.kinds_collected, snapshot.kinds_total)}</td>
            <td class="num wide">{number(snapshot.objects)}</td>
            <td class="num wide">{format::duration(snapshot.duration_ms)}</td>
            <td class="num">{stored(format::score(score).into_any())}</td>
            <td class="num">{stored(number(snapshot.open.total()))}</td>
            <td class="tight wide">{then}</td>
        </tr>
    }
    .into_any()
}

/// How a snapshot ended: only a complete one looks like a pass.
pub(super) fn outcome(outcome: Outcome) -> AnyView {
    match outcome {
        Outcome::Complete => verdict_with(Verdict::Pass, "complete"),
        Outcome::Partial => verdict_with(Verdict::Manual, "partial"),
        Outcome::Failed => verdict_with(Verdict::Fail, "failed"),
    }
}
