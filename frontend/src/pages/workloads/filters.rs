//! What the list of workloads is filtered by.

use leptos::prelude::*;

use crate::components::chip::chip;
use crate::components::search::search_field;
use crate::here::Here;

/// Kinds that own pods.
const KINDS: [&str; 8] = [
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "CronJob",
    "Job",
    "ReplicaSet",
    "ReplicationController",
    "Pod",
];

/// The bar above the list.
pub(super) fn filters(here: Here) -> AnyView {
    // The fields show one value each; only a list from a pasted address needs a chip.
    let list = move |name: &'static str| {
        let list = here.param(name).filter(|list| list.contains(','));
        list.map(|list| chip(here, name, list.replace(',', ", ")))
    };
    view! {
        <div class="filters" role="search" aria-label="Filter workloads">
            {search_field(here, "Name, namespace or image")}
            {kind(here)}
            {namespace(here)}
            {move || list("kind")}
            {move || list("namespace")}
        </div>
    }
    .into_any()
}

fn kind(here: Here) -> AnyView {
    let chosen = Memo::new(move |_| here.param("kind").unwrap_or_default());
    let choose = move |event: leptos::ev::Event| {
        let kind = event_target_value(&event);
        here.set(&[("kind", Some(&kind)), ("cursor", None)]);
    };
    let options = KINDS.map(|kind| view! { <option value=kind>{kind}</option> });
    view! {
        <select class="select" aria-label="Kind" prop:value=move || chosen.get() on:change=choose>
            <option value="">"Any kind"</option>
            {options.collect_view()}
        </select>
    }
    .into_any()
}

/// Taken when Enter is pressed or the field is left.
fn namespace(here: Here) -> AnyView {
    let chosen = Memo::new(move |_| here.param("namespace").unwrap_or_default());
    let choose = move |event: leptos::ev::Event| {
        let namespace = event_target_value(&event);
        here.set(&[("namespace", Some(namespace.trim())), ("cursor", None)]);
    };
    view! {
        <input
            class="input namespace"
            aria-label="Namespace"
            placeholder="Namespace"
            autocomplete="off"
            spellcheck="false"
            prop:value=move || chosen.get()
            on:change=choose
        />
    }
    .into_any()
}
