//! Who could take the cluster over, by which steps, and what would stop most of them.

mod cut;
mod way;

use leptos::prelude::*;
use shared::escalations::{Escalation, Escalations, Sink, SinkCount};
use shared::page::Stamped;
use shared::rbac::query::EscalationsQuery;

use super::changes::compare;
use super::doubts::{Doubts, doubts};
use crate::api;
use crate::components::card::card;
use crate::components::chip::chip;
use crate::components::empty::{empty, empty_good};
use crate::components::heading::{PageHead, crumbs};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::pager::pager;
use crate::components::tabs::{Tab, tabs};
use crate::format;
use crate::here::{Here, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let found = load(move || api::rbac::escalations(&query(here)));
    let crumbs = crumbs(here, &[("Access", "/access")], "Ways to take over");
    let meta = move || found.map(|found| meta(&found.body));
    view! {
        <PageHead title="Ways to take over" crumbs=crumbs meta=meta actions=move || compare(here, "", "")/>
        {loaded(found, "ways", || table_skeleton(12), move |found| whole(here, found))}
    }
    .into_any()
}

/// What the address asks for.
fn query(here: Here) -> EscalationsQuery {
    let at = here.at();
    EscalationsQuery {
        cluster: at.cluster,
        at: at.at,
        sink: Some(sink(here)),
        subject: here.param("subject"),
        // Whoever asks about one subject is told all of its ways.
        expected: here.param("expected").is_some() || here.param("subject").is_some(),
        cursor: here.param("cursor"),
        limit: Some(20),
    }
}

fn sink(here: Here) -> Sink {
    let word = here.param("sink");
    let named = Sink::ALL
        .into_iter()
        .find(|sink| Some(sink.as_str()) == word.as_deref());
    named.unwrap_or(Sink::ClusterAdmin)
}

fn meta(found: &Escalations) -> String {
    let admins = found.sinks.first().map_or(0, |count| count.subjects);
    let subjects = format::count(u64::from(admins), "subject", "subjects");
    format!("{subjects} could become administrator, though nobody intended it")
}

fn whole(here: Here, found: &Stamped<Escalations>) -> AnyView {
    if found.as_of.is_none() {
        let text = "Ways are told here after the first snapshot.";
        let way_out = link(here, "btn", "/snapshots", "Snapshots");
        return empty("The cluster was not read yet", text, way_out);
    }
    let left_open = Doubts {
        partial: !found.body.complete,
        undecided: &found.body.undecided,
        ..Doubts::default()
    };
    view! {
        {sinks(here, &found.body.sinks)}
        {filters(here, &found.body.sinks)}
        {doubts(here, &left_open)}
        <div class="grid">
            <div class="stack c8">{ways(here, &found.body)}</div>
            <div class="stack c4">{cut::cut(here, &found.body.cut)}{cut::blind(here, &found.body.blind)}</div>
        </div>
    }
    .into_any()
}

fn sinks(here: Here, counts: &[SinkCount]) -> AnyView {
    let current = sink(here);
    let tab = |count: &SinkCount| Tab {
        href: here.with(&[("sink", Some(count.sink.as_str())), ("cursor", None)]),
        text: title(count.sink).into(),
        count: Some(count.subjects.into()),
        current: count.sink == current,
    };
    tabs("What could be reached", counts.iter().map(tab).collect())
}

/// What can be reached, in a word or two.
pub(super) fn title(sink: Sink) -> &'static str {
    match sink {
        Sink::ClusterAdmin => "Administrator",
        Sink::EverySecret => "Every secret",
        Sink::NodeRoot => "Root on a node",
        Sink::KubeSystemCode => "Code in kube-system",
    }
}

fn filters(here: Here, counts: &[SinkCount]) -> AnyView {
    let current = sink(here);
    let expected = counts
        .iter()
        .find(|count| count.sink == current)
        .map_or(0, |count| count.expected);
    let is_on = here.param("expected").is_some();
    let press = move |_| here.set(&[("expected", (!is_on).then_some("1")), ("cursor", None)]);
    if let Some(subject) = here.param("subject") {
        return view! { <div class="filters">{chip(here, "subject", subject)}</div> }.into_any();
    }
    view! {
        <div class="filters">
            <label class="tick">
                <input type="checkbox" prop:checked=is_on on:change=press/>
                {format!("also the {expected} for whom Kubernetes itself intends it")}
            </label>
        </div>
    }
    .into_any()
}

fn ways(here: Here, found: &Escalations) -> AnyView {
    if found.items.is_empty() {
        return nobody(here, found);
    }
    let items: Vec<_> = found
        .items
        .iter()
        .map(|way| view! { <li>{way::way(here, way)}</li> })
        .collect();
    let total = total(here, found);
    let content = view! {
        <ol class="ways">{items}</ol>
        {pager(here, found.items.len(), total, found.next.clone())}
    };
    let note = "each the shortest; every step rests on the objects beside it";
    card("ways", ("Ways", note), None, content.into_any())
}

fn total(here: Here, found: &Escalations) -> u64 {
    let of = |way: &Escalation| found.sinks.iter().find(|count| count.sink == way.sink);
    let counts = found.items.first().and_then(of);
    let with_expected = here.param("expected").is_some();
    match here.param("subject") {
        Some(_) => found.items.len() as u64,
        None => counts.map_or(0, |count| {
            u64::from(count.subjects + if with_expected { count.expected } else { 0 })
        }),
    }
}

fn nobody(here: Here, found: &Escalations) -> AnyView {
    if here.param("cursor").is_some() {
        let first = view! { <a class="btn" href=here.with(&[("cursor", None)])>"First page"</a> };
        return empty("There is no more", "This page is past the end of the list.", first);
    }
    if here.param("subject").is_some() {
        let all = link(here, "btn", "/access/escalations", "All ways");
        return empty("No way is known", "Nothing leads from this subject there.", all);
    }
    match found.complete {
        true => empty_good(
            "Nobody gets there",
            "Nobody does but those for whom Kubernetes itself intends it.",
            (),
        ),
        false => empty("No way is known", "Something that ways rest on could not be read.", ()),
    }
}
