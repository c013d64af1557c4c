//! What the list of workloads is filtered by.

use leptos::prelude::*;

use crate::components::chip::chip;
use crate::components::filter::{choice, namespace};
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
            {choice(here, "kind", "Any kind", &KINDS)}
            {namespace(here, "namespace")}
            {move || list("kind")}
            {move || list("namespace")}
        </div>
    }
    .into_any()
}
