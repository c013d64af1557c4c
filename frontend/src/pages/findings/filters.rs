//! The search field, and a chip for each filter that is on.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::query;
use crate::components::ago::when;
use crate::components::chip::chip;
use crate::components::icon::{Icon, icon_small};
use crate::components::search::search_field;
use crate::here::Here;

/// The bar above the list.
pub(super) fn filters(here: Here) -> AnyView {
    let lists = query::FACETS.map(|filter| filter.name);
    let on = move |name: &'static str| here.param(name).map(|list| chip(here, name, in_words(name, &list)));
    let name = move || here.param("name").map(|name| chip(here, "name", name));
    view! {
        <div class="filters" role="search" aria-label="Filter findings">
            {search_field(here, "Object, check or title")}
            {lists.map(|list| move || on(list)).collect_view()}
            {name}
            {move || on("system")}
            {move || first_seen(here)}
        </div>
    }
    .into_any()
}

fn in_words(name: &str, list: &str) -> String {
    query::chosen(name, Some(list))
        .iter()
        .map(|value| query::words(name, value))
        .collect::<Vec<_>>()
        .join(", ")
}

fn first_seen(here: Here) -> Option<AnyView> {
    let since: DateTime<Utc> = here.param("firstSeenAfter")?.parse().ok()?;
    let off = move |_| here.set(&[("firstSeenAfter", None), ("cursor", None)]);
    Some(
        view! {
            <span class="chip">
                <span>"first seen after"</span>
                <b>{when(since)}</b>
                <button type="button" aria-label="Remove the first seen filter" on:click=off>{icon_small(Icon::X)}</button>
            </span>
        }
        .into_any(),
    )
}
