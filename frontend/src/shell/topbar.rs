//! The top bar: which cluster, search, which instant, theme, who.

use leptos::prelude::*;

use super::{Frame, Open, clock, cluster, user};
use crate::components::icon::{Icon, icon};
use crate::here::Here;
use crate::prefs::Prefs;

/// The top bar.
pub(super) fn topbar(here: Here, frame: Frame, open: Open, prefs: Prefs) -> AnyView {
    view! {
        <header class="topbar">
            <button
                type="button"
                class="btn quiet icon-only menu-button"
                aria-label="Menu"
                aria-controls="nav"
                aria-expanded=move || open.menu.get().to_string()
                on:click=move |_| open.menu.update(|open| *open = !*open)
            >
                {icon(Icon::Menu)}
            </button>
            {cluster::picker(here, frame)}
            <span class="grow"></span>
            <button
                type="button"
                class="search-button"
                aria-label="Search, key /"
                aria-haspopup="dialog"
                on:click=move |_| open.search.set(true)
            >
                {icon(Icon::Search)}
                <span>"Search…"</span>
                <span class="kbd">"/"</span>
            </button>
            <span class="grow"></span>
            {clock::clock(here, frame, open)}
            {theme(prefs)}
            {user::menu(here, frame)}
        </header>
    }
    .into_any()
}

fn theme(prefs: Prefs) -> AnyView {
    let label = move || {
        format!(
            "Theme: {}; switch to {}",
            prefs.theme().word(),
            prefs.theme().next().word()
        )
    };
    view! {
        <button
            type="button"
            class="btn quiet icon-only"
            aria-label=label
            title=label
            on:click=move |_| prefs.switch_theme()
        >
            {icon(Icon::Theme)}
        </button>
    }
    .into_any()
}
