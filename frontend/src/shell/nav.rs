//! The navigation: pages that exist, how much is behind them, and how old what they show is.

use leptos::prelude::*;

use super::{Frame, Open};
use crate::components::ago::ago;
use crate::components::icon::{Icon, icon};
use crate::format;
use crate::here::Here;
use crate::prefs::Prefs;

/// Pages, in the order in which they answer: the whole, what is wrong, who may do what, where, what is let in, against which frameworks, by which
/// checks; then those at the foot.
pub(super) const PAGES: [(Icon, &str, &str); 12] = [
    (Icon::Overview, "Overview", "/"),
    (Icon::Findings, "Findings", "/findings"),
    (Icon::Access, "Access", "/access"),
    (Icon::Network, "Network", "/network"),
    (Icon::Workloads, "Workloads", "/workloads"),
    (Icon::Namespaces, "Namespaces", "/namespaces"),
    (Icon::Admission, "Admission", "/admission"),
    (Icon::Certificates, "Certificates", "/certificates"),
    (Icon::Compliance, "Compliance", "/compliance"),
    (Icon::Checks, "Checks", "/checks"),
    (Icon::Snapshots, "Snapshots", "/snapshots"),
    (Icon::Settings, "Settings", "/settings"),
];
/// How many of them stand at the top.
const TOP: usize = 10;

/// The navigation.
pub(super) fn nav(here: Here, frame: Frame, open: Open, prefs: Prefs) -> AnyView {
    let item = move |&(glyph, label, to): &(Icon, &'static str, &'static str)| item(here, frame, glyph, label, to);
    let (top, foot) = PAGES.split_at(TOP);
    // Beside the sheet the page is covered, and a press there closes the sheet, as Esc does.
    let scrim = move || {
        let close = move |_| open.menu.set(false);
        open.menu
            .get()
            .then(|| view! { <div class="nav-scrim" on:click=close></div> })
    };
    view! {
        <nav class="nav" id="nav" aria-label="Main">
            <a class="brand" href=move || here.link("/")>
                <svg aria-hidden="true" fill="none" stroke="currentColor"><use href="#i-mark"></use></svg>
                <span class="label">"Plimsoll"</span>
            </a>
            <ul>{top.iter().map(item).collect_view()}</ul>
            <div class="foot">
                {age(here, frame)}
                <ul>
                    {foot.iter().map(item).collect_view()}
                    <li>{collapse(open, prefs)}</li>
                </ul>
            </div>
        </nav>
        {scrim}
    }
    .into_any()
}

fn item(here: Here, frame: Frame, glyph: Icon, label: &'static str, to: &'static str) -> AnyView {
    let current = move || {
        let path = here.path();
        is_within(&path, to).then_some("page")
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

/// Whether a path is that of a page, or of one below it. Quotas stand below namespaces, which they are of.
fn is_within(path: &str, page: &str) -> bool {
    let path = if path == "/quotas" { "/namespaces" } else { path };
    let below = path.strip_prefix(page);
    path == page || (page != "/" && below.is_some_and(|rest| rest.starts_with('/')))
}

/// The page of the navigation at which, or below which, a path is: its name and its path.
pub(crate) fn section(path: &str) -> (&'static str, &'static str) {
    let mut pages = PAGES.iter().map(|&(_, label, to)| (label, to));
    pages.find(|(_, to)| is_within(path, to)).unwrap_or(("Plimsoll", "/"))
}

/// How much is behind a page; none before the first snapshot, when nothing is known.
fn behind(frame: Frame, to: &str) -> Option<u32> {
    let known = frame.overview.map(|overview| overview.as_of.is_some())?;
    let count = frame.overview.map(|overview| match to {
        "/findings" => Some(overview.body.open.total()),
        "/workloads" => Some(overview.body.size.workloads),
        "/namespaces" => Some(overview.body.size.namespaces),
        "/checks" => Some(overview.body.score.verdicts.total()),
        _ => None,
    })?;
    count.filter(|_| known)
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

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn a_path_belongs_to_the_page_that_it_is_below() {
        for (path, page) in [
            ("/", "Overview"),
            ("/access", "Access"),
            ("/access/roles/Role/a/b", "Access"),
            ("/quotas", "Namespaces"),
        ] {
            assert_eq!(section(path).0, page, "{path}");
        }
        assert_eq!(section("/accessory"), ("Plimsoll", "/"));
    }
}
