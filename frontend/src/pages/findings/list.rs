//! The list of findings.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::findings::{FindingPage, FindingRow, Status};
use shared::page::Stamped;

use super::query;
use super::system::{self, Fold};
use crate::components::ago::{age, ago_then};
use crate::components::empty::{empty, empty_good};
use crate::components::link::link;
use crate::components::pager::pager;
use crate::components::rows::on_a_link;
use crate::components::severity::severity_glyph;
use crate::components::table::{Sortable, scroll, sort_head};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::Here;

/// How long a finding is called new.
const NEW: TimeDelta = TimeDelta::days(7);

const SEVERITY: Sortable = Sortable {
    label: "Severity",
    key: "severity",
    most_first: true,
    default: true,
    class: "tight",
};
const TITLE: Sortable = Sortable {
    label: "Finding",
    key: "title",
    most_first: false,
    default: false,
    class: "",
};
const SINCE: Sortable = Sortable {
    label: "Since",
    key: "since",
    most_first: false,
    default: false,
    class: "num",
};

/// The list, or why there is none, and below it what is folded away.
pub(super) fn list(here: Here, open: Memo<Option<String>>, found: &Stamped<FindingPage>, fold: Fold) -> AnyView {
    let page = &found.body;
    if found.as_of.is_none() {
        return before_the_first(here);
    }
    let section = system::section(here, open, page, fold);
    if page.items.is_empty() {
        return section.unwrap_or_else(|| nothing(here, page));
    }
    view! {
        <div class="stack">
            <section class="card" aria-label="Findings">
                {table(here, open, found, "Findings table")}
                {pager(here, page.items.len(), page.total, page.next.clone())}
            </section>
            {section}
        </div>
    }
    .into_any()
}

/// The rows of a page, under heads that sort.
pub(super) fn table(
    here: Here,
    open: Memo<Option<String>>,
    found: &Stamped<FindingPage>,
    label: &'static str,
) -> AnyView {
    let as_of = found.as_of.as_ref().map(|as_of| as_of.taken_at).unwrap_or_default();
    let rows: Vec<_> = found
        .body
        .items
        .iter()
        .map(|finding| row(here, open, finding, as_of))
        .collect();
    let table = view! {
        <table class="table list">
            <thead>
                <tr>
                    {sort_head(here, SEVERITY)}
                    {sort_head(here, TITLE)}
                    <th scope="col" class="opt">"Area"</th>
                    {sort_head(here, SINCE)}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll(label, table)
}

fn row(here: Here, open: Memo<Option<String>>, finding: &FindingRow, as_of: DateTime<Utc>) -> AnyView {
    let id = StoredValue::new(finding.id.0.clone());
    let is_open = move || open.with(|open| id.with_value(|id| open.as_ref() == Some(id)));
    let press = move |event: MouseEvent| {
        if !on_a_link(&event) {
            id.with_value(|id| here.set(&[("open", Some(id))]));
        }
    };
    view! {
        <tr class=move || is_open().then_some("on") on:click=press>
            <td class="tight">{severity_glyph(finding.severity)}</td>
            <td class="clip">
                <a
                    data-row
                    data-noscroll
                    href=move || id.with_value(|id| here.with(&[("open", Some(id))]))
                    aria-current=move || is_open().then_some("true")
                    title=finding.title.clone()
                >
                    <span class="t">{finding.title.clone()}</span>
                    <span class="sub mono">{finding.object.to_string()}</span>
                </a>
            </td>
            <td class="tight opt">{finding.area.title()}</td>
            <td class="num" title=dates(finding)>{standing(finding, as_of)}{age(finding.since)}</td>
        </tr>
    }
    .into_any()
}

/// What is to be said besides the age: fixed, new, or not told of late because its kinds could not be read.
fn standing(finding: &FindingRow, as_of: DateTime<Utc>) -> Option<AnyView> {
    let said = match finding.status {
        Status::Fixed => tag(Tone::Ok, "fixed"),
        Status::Open if finding.last_seen < as_of => {
            let title = format!("Last could be told {}", format::absolute(finding.last_seen));
            tag(
                Tone::Warn,
                view! { <span title=title>"as of "{ago_then(finding.last_seen)}</span> },
            )
        }
        Status::Open if as_of - finding.first_seen < NEW => tag(Tone::New, "new"),
        Status::Open if finding.expected.is_some() => tag(Tone::Plain, "expected"),
        Status::Open => return None,
    };
    Some(view! { {said}" " }.into_any())
}

fn dates(finding: &FindingRow) -> String {
    let (first, since) = (format::absolute(finding.first_seen), format::absolute(finding.since));
    match finding.status {
        Status::Open => format!("open since {since}, first seen {first}"),
        Status::Fixed => format!("fixed {since}, first seen {first}"),
    }
}

fn before_the_first(here: Here) -> AnyView {
    let text = "Findings stand here after the first snapshot.";
    empty(
        "The cluster was not read yet",
        text,
        link(here, "btn", "/snapshots", "Snapshots"),
    )
}

fn nothing(here: Here, page: &FindingPage) -> AnyView {
    let on = query::HIDING
        .into_iter()
        .filter(|name| here.param(name).is_some())
        .count();
    let on = on + usize::from(here.param("q").is_some());
    if on == 0 {
        let text = "Every check that could be evaluated passes.";
        return empty_good(
            "No findings are open",
            text,
            link(here, "link", "/checks", "See the checks"),
        );
    }
    let title = match on {
        1 => "Nothing matches this filter".into(),
        on => format!("Nothing matches these {on} filters"),
    };
    let text = format!(
        "{} open without them.",
        format::count(page.open, "finding is", "findings are")
    );
    empty(title, text, link(here, "btn", "/findings", "Clear filters"))
}
