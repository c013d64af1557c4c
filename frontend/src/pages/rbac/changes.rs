//! How access changed: who gained or lost what, and by which bindings.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use shared::page::Stamped;
use shared::rbac::query::AccessChangesQuery;
use shared::rbac::{AccessChange, AccessChanges, Permissions, Reach};

use super::doubts::{Doubts, doubts};
use super::permissions::places;
use crate::api;
use crate::components::ago::{present, when};
use crate::components::card::card;
use crate::components::chip::chip;
use crate::components::empty::{empty, empty_good};
use crate::components::heading::{PageHead, crumbs};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::object::{short_name, subject_path};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, at_param, encode, use_here};

/// Spans that are offered: their word in the address, their days, and their words.
const SPANS: [(&str, i64, &str); 3] = [("1d", 1, "1 day"), ("7d", 7, "7 days"), ("30d", 30, "30 days")];
/// How many subjects are told.
const TOLD: usize = 50;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let since = move || {
        let until = here.instant().unwrap_or_else(present);
        since(here.param("since").as_deref(), until)
    };
    let changes = load(move || {
        let at = here.at();
        api::rbac::changes(&AccessChangesQuery {
            cluster: at.cluster,
            since: Some(since()),
            at: at.at,
            subject: here.param("subject"),
            role: here.param("role"),
        })
    });
    let meta = move || changes.map(|changes| meta(changes, since()));
    view! {
        <PageHead
            title="Changes of access"
            crumbs=crumbs(here, &[("Access", "/access")], "Changes")
            meta=meta
            actions=move || spans(here)
        />
        {loaded(changes, "changes", || table_skeleton(8), move |changes| all(here, since(), changes))}
    }
    .into_any()
}

/// The way to the changes of one subject or role, and at a past instant to what has changed since.
pub(super) fn compare(here: Here, filter: &str, of: &str) -> AnyView {
    let filter = match filter {
        "" => String::new(),
        filter => format!("{filter}={}", encode(of)),
    };
    let (span, words) = match here.instant() {
        Some(at) => (format!("since={}&at=&", encode(&at_param(at))), "Compare with now"),
        None => (String::new(), "Changes"),
    };
    link(here, "btn", format!("/access/changes?{span}{filter}"), words)
}

/// From when: a span before `until`, or an instant; a week before, where neither is said.
fn since(word: Option<&str>, until: DateTime<Utc>) -> DateTime<Utc> {
    let instant = word.and_then(|word| word.parse().ok());
    let days = SPANS
        .iter()
        .find(|(span, ..)| Some(*span) == word)
        .map_or(7, |(_, days, _)| *days);
    instant.unwrap_or_else(|| until - TimeDelta::days(days))
}

fn meta(changes: &Stamped<AccessChanges>, since: DateTime<Utc>) -> Option<AnyView> {
    let until = changes.as_of.as_ref()?.taken_at;
    // Nothing may have been read since.
    let since = since.min(until);
    let subjects = format::count(changes.body.changes.len() as u64, "subject", "subjects");
    Some(view! { {subjects}", from "{when(since)}" to "{when(until)} }.into_any())
}

fn spans(here: Here) -> AnyView {
    let chosen = here.param("since");
    let one = |(span, _, words): (&'static str, i64, &'static str)| {
        let is_on = chosen.as_deref().unwrap_or("7d") == span;
        view! {
            <a data-noscroll aria-current=is_on.then_some("true") href=here.with(&[("since", Some(span))])>{words}</a>
        }
    };
    view! { <div class="segment" role="group" aria-label="Since">{SPANS.map(one).collect_view()}</div> }.into_any()
}

fn all(here: Here, since: DateTime<Utc>, changes: &Stamped<AccessChanges>) -> AnyView {
    if changes.as_of.is_none() {
        let text = "Changes are told here after the second snapshot.";
        return empty(
            "The cluster was not read yet",
            text,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    }
    let AccessChanges {
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
    view! { {filters}{doubts(here, &left_open)}{none}{ways(here, since, ways_opened, ways_closed)}{told}{untold} }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_ends_at_the_instant_looked_at() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let until = at("2026-11-24T09:40:00Z");
        assert_eq!(since(Some("1d"), until), at("2026-11-23T09:40:00Z"));
        assert_eq!(since(None, until), at("2026-11-17T09:40:00Z"));
        assert_eq!(since(Some("2026-10-08T14:05:00Z"), until), at("2026-10-08T14:05:00Z"));
        assert_eq!(since(Some("soon"), until), at("2026-11-17T09:40:00Z"));
    }
}
