//! How access changed: who gained or lost what, and by which bindings.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::page::Stamped;
use shared::rbac::query::AccessChangesQuery;
use shared::rbac::{AccessChange, AccessChanges, Permissions, Reach};

use super::doubts::{Doubts, doubts};
use super::permissions::places;
use crate::api;
use crate::components::card::card;
use crate::components::chip::chip;
use crate::components::empty::{empty, empty_good};
use crate::components::heading::{PageHead, crumbs};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::object::{short_name, subject_path};
use crate::components::since::{compare_with_now, from_to, since, spans};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, at_param, encode, use_here};

/// How many subjects are told.
const TOLD: usize = 50;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let changes = load(move || {
        let at = here.at();
        api::rbac::changes(&AccessChangesQuery {
            cluster: at.cluster,
            since: Some(since(here)),
            at: at.at,
            subject: here.param("subject"),
            role: here.param("role"),
        })
    });
    let meta = move || changes.map(|changes| meta(here, changes));
    view! {
        <PageHead
            title="Changes of access"
            crumbs=crumbs(here, &[("Access", "/access")], "Changes")
            meta=meta
            actions=move || spans(here)
        />
        {loaded(changes, "changes", || table_skeleton(8), move |changes| all(here, changes))}
    }
    .into_any()
}

/// The way to the changes of one subject or role, and at a past instant to what has changed since.
pub(super) fn compare(here: Here, filter: &str, of: &str) -> AnyView {
    let filter = match filter {
        "" => String::new(),
        filter => format!("{filter}={}", encode(of)),
    };
    let path = format!("/access/changes?{filter}");
    compare_with_now(here, &path).unwrap_or_else(|| link(here, "btn", path, "Changes"))
}

fn meta(here: Here, changes: &Stamped<AccessChanges>) -> Option<AnyView> {
    let (from, to) = (changes.body.since.as_ref()?, changes.as_of.as_ref()?);
    let subjects = format::count(changes.body.changes.len() as u64, "subject", "subjects");
    Some(view! { {subjects}", "{from_to(since(here), from, to)} }.into_any())
}

fn all(here: Here, changes: &Stamped<AccessChanges>) -> AnyView {
    let Some(from) = &changes.body.since else {
        let text = "Changes are told here after the second snapshot.";
        return empty(
            "The cluster was not read yet",
            text,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    };
    if changes.as_of.as_ref() == Some(from) {
        let text = "Nothing was read in between: both instants show the same snapshot.";
        return empty("There are no two states to compare", text, ());
    }
    let AccessChanges {
        since: _,
        changes,
        complete,
        undecided,
        ways_opened,
        ways_closed,
    } = &changes.body;
    let left_open = Doubts {
        partial: !complete,
        undecided,
        ..Default::default()
    };
    let told: Vec<_> = changes.iter().take(TOLD).map(|change| one(here, change)).collect();
    let untold = changes.len().saturating_sub(TOLD);
    let untold =
        (untold > 0).then(|| view! { <p class="muted">{format!("and {} more", format::number(untold as u64))}</p> });
    let is_same = changes.is_empty() && ways_opened.is_empty() && ways_closed.is_empty();
    let none = match (is_same, complete) {
        (false, _) => None,
        (true, true) => Some(empty_good(
            "Access did not change",
            "Nobody gained or lost anything in that time.",
            (),
        )),
        (true, false) => Some(empty(
            "No change is known",
            "Something that access rests on could not be read.",
            (),
        )),
    };
    let filters = ["subject", "role"]
        .into_iter()
        .filter_map(|name| Some(chip(here, name, here.param(name)?)));
    let filters: Vec<_> = filters.collect();
    let filters = (!filters.is_empty()).then(|| view! { <div class="filters">{filters}</div> });
    view! { {filters}{doubts(here, &left_open)}{none}{ways(here, from.taken_at, ways_opened, ways_closed)}{told}{untold} }
        .into_any()
}

/// Who could take over more than before, and who less.
fn ways(here: Here, since: DateTime<Utc>, opened: &[Reach], closed: &[Reach]) -> AnyView {
    if opened.is_empty() && closed.is_empty() {
        return ().into_any();
    }
    // What is closed is shown as it was.
    let then = format!("&at={}", encode(&at_param(since)));
    let list = |tone: Tone, (word, can): (&'static str, &'static str), at: &str, of: &[Reach]| {
        let one = |reach: &Reach| {
            let name = short_name(&reach.subject.namespace, &reach.subject.name);
            let subject = encode(&reach.subject.to_string());
            let to = format!("/access/escalations?sink={}&subject={subject}", reach.sink.as_str());
            let to = to + at;
            view! { <li>{link(here, "mono", to, name)}{format!(" {can} {}", reach.sink.in_words())}</li> }
        };
        let told: Vec<_> = of.iter().take(TOLD).map(one).collect();
        let untold = of.len().saturating_sub(TOLD);
        let untold = (untold > 0).then(|| view! { <li class="muted">{format!("and {untold} more")}</li> });
        (!of.is_empty()).then(|| {
            view! {
                <div class="card-head"><h3>{tag(tone, word)}</h3></div>
                <ul class="blind">{told}{untold}</ul>
            }
        })
    };
    let content = view! { {list(Tone::Warn, ("Opened", "can now"), "", opened)}{list(Tone::Ok, ("Closed", "can no longer"), &then, closed)} };
    card(
        "ways",
        ("Ways to take over", "by steps that access allows"),
        None,
        content.into_any(),
    )
}

fn one(here: Here, change: &AccessChange) -> AnyView {
    let subject = &change.subject;
    let label = subject.to_string();
    let name = short_name(&subject.namespace, &subject.name);
    let part = |tone: Tone, word: &'static str, of: &[Permissions]| {
        (!of.is_empty()).then(|| {
            view! { <div class="card-head"><h3>{tag(tone, word)}</h3></div>{places(here, &format!("{word} by {subject}"), of)} }
        })
    };
    view! {
        <section class="card" aria-label=label>
            <div class="card-head">
                <h2 class="mono">{link(here, "", subject_path(subject), name)}</h2>
                <p>{subject.kind.as_str()}</p>
            </div>
            {part(Tone::Warn, "Gained", &change.gained)}
            {part(Tone::Ok, "Lost", &change.lost)}
        </section>
    }
    .into_any()
}
