//! What the pods of each namespace use, beside what they ask for and may take.

use std::cmp::Reverse;

use leptos::prelude::*;
use shared::quotas::{NamespaceQuotas, Quotas};

use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::number::number_or_unknown;
use crate::components::object::namespace_path;
use crate::components::table::{row, table};
use crate::components::usage::{Bars, bars, sampled, unmeasured};
use crate::here::Here;

/// The table, the namespace that uses the most memory first.
pub(super) fn usage(here: Here, quotas: &Quotas) -> AnyView {
    if let Some(why) = unmeasured(&quotas.sampling) {
        return empty(
            "What containers use is not known",
            why,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    }
    let wanted = here.param("q").unwrap_or_default().to_lowercase();
    let mut found: Vec<&NamespaceQuotas> = quotas
        .namespaces
        .iter()
        .filter(|it| it.pods != Some(0) && it.namespace.contains(&wanted))
        .collect();
    if found.is_empty() {
        return empty(
            "No pods run there",
            "",
            link(here, "btn", "/quotas?tab=usage", "Clear filter"),
        );
    }
    found.sort_by_key(|it| (Reverse(used(it, "memory")), it.namespace.clone()));
    let heads = [("", "Namespace"), ("num wide", "Pods"), ("", "CPU"), ("", "Memory")];
    let rows = found.iter().map(|namespace| one(here, namespace)).collect();
    let table = table("Use by namespace", "table usage", &heads, rows);
    let foot = format!(
        "{}. Containers without a limit add nothing to what may be taken, and may use all of their node.",
        capital(&sampled(&quotas.sampling))
    );
    view! { <section class="card" aria-label="Use by namespace">{table}<div class="card-foot">{foot}</div></section> }
        .into_any()
}

/// How much of a resource the pods of a namespace used.
pub(super) fn used(namespace: &NamespaceQuotas, resource: &str) -> Option<i64> {
    namespace.demand.iter().find(|of| of.resource == resource)?.used
}

fn one(here: Here, namespace: &NamespaceQuotas) -> AnyView {
    let name = &namespace.namespace;
    let of = |resource: &str| {
        let demand = namespace.demand.iter().find(|of| of.resource == resource);
        demand.map(|demand| bars(Bars::from(demand))).into_any()
    };
    row(
        "",
        vec![
            ("mono", link(here, "", namespace_path(name), name.clone())),
            ("num wide", number_or_unknown(namespace.pods)),
            ("bar", of("cpu")),
            ("bar", of("memory")),
        ],
    )
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
