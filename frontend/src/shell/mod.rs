//! The frame around every page: navigation, top bar, banners, keys.

mod banner;
mod clock;
mod cluster;
mod hits;
mod keys;
mod nav;
mod search;
mod time;
mod topbar;
mod user;

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use shared::clusters::Cluster;
use shared::overview::Overview;
use shared::page::{Page, Stamped};
use shared::session::Session;
use shared::snapshots::{Outcome, SnapshotQuery, SnapshotRow};
use shared::tokens::Scope;
use wasm_bindgen::JsCast;

use crate::api;
use crate::components::load::{Load, Refresh, load};
use crate::here::{Here, use_here};
use crate::prefs::{self, Prefs};
pub(crate) use nav::section;

/// How often it is asked whether a snapshot came.
const POLL: Duration = Duration::from_secs(60);
/// Snapshots known to the frame: enough to step through a few days by hour.
const RECENT: u32 = 100;

/// What the frame knows, for itself and for pages.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// Who is signed in.
    pub(crate) session: Load<Session>,
    /// All clusters.
    pub(crate) clusters: Load<Vec<Cluster>>,
    /// The overview as of the instant looked at.
    pub(crate) overview: Load<Stamped<Overview>>,
    /// The newest snapshots of the cluster.
    pub(crate) snapshots: Load<Page<SnapshotRow>>,
}

/// The frame around this page.
pub(crate) fn use_frame() -> Frame {
    expect_context()
}

impl Frame {
    /// Whether the reader may do this. The server decides again; this is for what is offered.
    pub(crate) fn can(self, scope: Scope) -> bool {
        self.session
            .map(|session| session.scopes.contains(&scope))
            .unwrap_or(false)
    }

    /// Whether pods were asked for and could not be read, so that their number is not known.
    pub(crate) fn pods_unread(self) -> Memo<bool> {
        self.unread("pods")
    }

    /// Whether a kind was asked for and could not be read, so that what is missing of it may be there all the same.
    pub(crate) fn unread(self, resource: &'static str) -> Memo<bool> {
        let unread = move |overview: &Stamped<Overview>| {
            let mut kinds = overview.body.kinds.iter();
            kinds.any(|kind| kind.resource == resource && !kind.outcome.is_known())
        };
        Memo::new(move |_| self.overview.map(unread).unwrap_or(false))
    }

    /// The newest snapshot that was stored.
    pub(crate) fn newest(self) -> Option<SnapshotRow> {
        self.snapshots
            .map(|page| page.items.iter().find(|row| row.outcome != Outcome::Failed).cloned())
            .flatten()
    }
}

/// What the frame opens over the page.
#[derive(Clone, Copy)]
pub(crate) struct Open {
    /// The search.
    pub(crate) search: RwSignal<bool>,
    /// The list of keys.
    pub(crate) keys: RwSignal<bool>,
    /// The choice of an instant.
    pub(crate) time: RwSignal<bool>,
    /// The navigation, where it is a sheet.
    pub(crate) menu: RwSignal<bool>,
}

/// The frame.
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let here = use_here();
    let prefs = prefs::read();
    let refresh = Refresh(RwSignal::new(0));
    provide_context(refresh);
    let frame = read_frame(here);
    provide_context(frame);
    let closed = || RwSignal::new(false);
    let open = Open {
        search: closed(),
        keys: closed(),
        time: closed(),
        menu: closed(),
    };
    provide_context(open);
    watch_snapshots(frame, here, refresh);
    keys::listen(open, prefs);
    let main = NodeRef::<html::Main>::new();
    on_arrival(here, open, main);
    set_password_first(frame, here);
    layout(here, frame, open, prefs, main)
}

fn read_frame(here: Here) -> Frame {
    Frame {
        session: load(api::session::current),
        clusters: load(api::clusters::list),
        overview: load(move || api::overview::get(here.at(), None)),
        snapshots: load(move || {
            let query = SnapshotQuery {
                cluster: here.cluster(),
                limit: Some(RECENT),
                ..Default::default()
            };
            api::snapshots::list(&query)
        }),
    }
}

fn layout(here: Here, frame: Frame, open: Open, prefs: Prefs, main: NodeRef<html::Main>) -> AnyView {
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        focus(main);
    };
    view! {
        <div class="shell">
            <a class="skip" href="#content" on:click=skip>"Skip to content"</a>
            {nav::nav(here, frame, open, prefs)}
            <div class="main">
                {topbar::topbar(here, frame, open, prefs)}
                {banner::banners(here, frame)}
                <main class="page" id="content" tabindex="-1" node_ref=main><Outlet/></main>
            </div>
        </div>
        {search::dialog(here, open)}
        {time::dialog(here, frame, open)}
        {keys::dialog(open)}
    }
    .into_any()
}

/// When a new snapshot was stored, everything that looks at now is read again.
fn watch_snapshots(frame: Frame, here: Here, Refresh(refresh): Refresh) {
    let poll = set_interval_with_handle(
        move || {
            if !document().hidden() {
                frame.snapshots.reload();
            }
        },
        POLL,
    );
    if let Ok(poll) = poll {
        on_cleanup(move || poll.clear());
    }
    let newest = Memo::new(move |_| (here.cluster(), frame.newest().map(|row| row.id)));
    Effect::new(move |before: Option<(_, Option<_>)>| {
        let (cluster, id) = newest.get();
        let same_cluster = before.is_some_and(|(of, id)| of == cluster && id.is_some());
        let came = same_cluster && before.is_some_and(|(_, before)| before != id);
        if came && untrack(|| here.instant()).is_none() {
            refresh.update(|n| *n += 1);
        }
        (cluster, id)
    });
}

/// On another page the focus starts at its heading, as it would after a load; and the sheet closes.
fn on_arrival(here: Here, open: Open, main: NodeRef<html::Main>) {
    Effect::new(move |before: Option<String>| {
        let path = here.path();
        if before.is_some_and(|before| before != path) {
            open.menu.set(false);
            request_animation_frame(move || focus(main));
        }
        path
    });
    Effect::new(move |_| prefs::set_attribute("data-menu", open.menu.get().then_some("open")));
}

fn focus(main: NodeRef<html::Main>) {
    let Some(main) = main.try_get_untracked().flatten() else {
        return;
    };
    let heading = main
        .query_selector("h1")
        .ok()
        .flatten()
        .and_then(|heading| heading.dyn_into().ok());
    let target: web_sys::HtmlElement = heading.unwrap_or_else(|| main.unchecked_into());
    _ = target.focus();
}

/// Whoever came by a one-time link sets a password before anything else.
fn set_password_first(frame: Frame, here: Here) {
    Effect::new(move |_| {
        if frame.session.map(|session| session.needs_password) == Some(true) {
            here.replace("/sign-in/link");
        }
    });
}
