//! The navigation: pages that exist, how much is behind them, and how old what they show is.

use leptos::prelude::*;

use super::{Frame, Open};
use crate::components::ago::ago;
use crate::components::icon::{Icon, icon};
use crate::format;
use crate::here::Here;
use crate::prefs::Prefs;

/// Pages, in the order in which they answer: the whole, what is wrong, where, by which checks.
const PAGES: [(Icon, &str, &str); 4] = [
    (Icon::Overview, "Overview", "/"),
    (Icon::Findings, "Findings", "/findings"),
    (Icon::Workloads, "Workloads", "/workloads"),
    (Icon::Checks, "Checks", "/checks"),
];
const FOOT: [(Icon, &str, &str); 2] = [
    (Icon::Snapshots, "Snapshots", "/snapshots"),
    (Icon::Settings, "Settings", "/settings"),
];

/// The navigation.
pub(super) fn nav(here: Here, frame: Frame, open: Open, prefs: Prefs) -> AnyView {
    let item = move |(glyph, label, to): (Icon, &'static str, &'static str)| item(here, frame, glyph, label, to);
    view! {
        <nav class="nav" id="nav" aria-label="Main">
            <a class="brand" href=move || here.link("/")>
                <svg aria-hidden="true" fill="none" stroke="currentColor"><use href="#i-mark"></use></svg>
                <span class="label">"Plimsoll"</span>
            </a>
            <ul>{PAGES.map(item).collect_view()}</ul>
            <div class="foot">
                {age(here, frame)}
                <ul>
                    {FOOT.map(item).collect_view()}
                    <li>{collapse(open, prefs)}</li>
                </ul>
            </div>
        </nav>
    }
    .into_any()
}

fn item(here: Here, frame: Frame, glyph: Icon, label: &'static str, to: &'static str) -> AnyView {
    let current = move || {
        let path = here.path();
        let within = path
            .strip_prefix(to)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (path == to || (to != "/" && within)).then_some("page")
    };
    view! {
        <li>
            <a href=move || here.link(to) title=label aria-current=current>
                {icon(glyph)}
                <span class="label">{label}</span>
                {move || behind(frame, to).map(|n| view! { <span class="count">{format::number(n)}</span> })}
            </a>
        </li>
    }
    .into_any()
}

/// How much is behind a page.
fn behind(frame: Frame, to: &str) -> Option<u32> {
    frame.overview.map(|overview| match to {
        "/findings" => Some(overview.body.open.total()),
        "/workloads" => Some(overview.body.size.workloads),
        "/checks" => Some(overview.body.score.verdicts.total()),
        _ => None,
    })?
}

/// How old the newest snapshot is, and how complete.
fn age(here: Here, frame: Frame) -> AnyView {
    let row = move || {
        let row = frame.newest()?;
        let kinds = format!("{} of {} kinds collected", row.kinds_collected, row.kinds_total);
        Some(view! {
            <a class="snapshot" href=move || here.link("/snapshots")>
                <b>"Snapshot "{ago(row.taken_at)}</b>
                <br/>
                {kinds}
            </a>
        })
    };
    row.into_any()
}

fn collapse(open: Open, prefs: Prefs) -> AnyView {
    // As a sheet it is closed; beside the page it is collapsed.
    let label = move || match (open.menu.get(), prefs.collapsed()) {
        (true, _) => "Close",
        (false, true) => "Expand",
        (false, false) => "Collapse",
    };
    let press = move |_| {
        if open.menu.get_untracked() {
            open.menu.set(false)
        } else {
            prefs.toggle_nav()
        }
    };
    view! {
        <button
            type="button"
            class="item"
            title=move || format!("{} ( [ )", label())
            aria-expanded=move || (!prefs.collapsed()).to_string()
            on:click=press
        >
            {icon(Icon::Collapse)}
            <span class="label">{label}</span>
        </button>
    }
    .into_any()
}
