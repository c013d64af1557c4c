//! Chips: a filter that is on, and can be taken off.

use leptos::prelude::*;

use super::icon::{Icon, icon_small};
use crate::here::Here;

/// The filter `name` of the address with the words for its value; taking it off changes the address.
pub(crate) fn chip(here: Here, name: &'static str, value: String) -> AnyView {
    let label = format!("Remove the {name} filter");
    view! {
        <span class="chip">
            <span>{name}" is"</span>
            <b>{value}</b>
            <button type="button" aria-label=label on:click=move |_| here.set(&[(name, None), ("cursor", None)])>
                {icon_small(Icon::X)}
            </button>
        </span>
    }
    .into_any()
}
