//! Namespaces that nothing bounds, and what they ask for.

use leptos::prelude::*;
use shared::quotas::NamespaceQuotas;

use crate::components::empty::empty_good;
use crate::components::link::{count_link, link};
use crate::components::number::number;
use crate::components::object::namespace_path;
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, encode};

/// The table, those with the most pods first.
pub(super) fn without(here: Here, namespaces: &[NamespaceQuotas]) -> AnyView {
    let mut found: Vec<&NamespaceQuotas> = namespaces.iter().filter(|it| it.quotas.is_empty()).collect();
    if found.is_empty() {
        return empty_good(
            "Every namespace has a quota",
            "None can take what the others need.",
            link(here, "link", "/quotas", "See how full they are"),
        );
    }
    found.sort_by(|a, b| b.pods.cmp(&a.pods).then_with(|| a.namespace.cmp(&b.namespace)));
    let heads = [
        ("", "Namespace"),
        ("", "Bounded by"),
        ("num", "Pods"),
        ("num wide", "CPU asked for"),
        ("num wide", "Memory asked for"),
        ("num", "Without limits"),
    ];
    let rows = found.iter().map(|namespace| one(here, namespace)).collect();
    let table = table("Namespaces without a quota", "table fits", &heads, rows);
    view! { <section class="card" aria-label="Namespaces without a quota">{table}</section> }.into_any()
}

fn one(here: Here, namespace: &NamespaceQuotas) -> AnyView {
    let name = &namespace.namespace;
    let unlimited = format!("/quotas?tab=unlimited&namespace={}", encode(name));
    row(
        "",
        vec![
            ("mono", link(here, "", namespace_path(name), name.clone())),
            ("", bounds(namespace)),
            ("num", number(namespace.pods)),
            ("num wide", asked(namespace, "cpu")),
            ("num wide", asked(namespace, "memory")),
            (
                "num",
                count_link(here, "", namespace.without_limits.len() as u64, unlimited),
            ),
        ],
    )
}

fn bounds(namespace: &NamespaceQuotas) -> AnyView {
    match namespace.limit_ranges.as_slice() {
        [] => tag(Tone::Warn, "no quota, no limit range"),
        ranges => view! { "limit range "<span class="mono">{ranges.join(", ")}</span> }.into_any(),
    }
}

fn asked(namespace: &NamespaceQuotas, resource: &str) -> AnyView {
    let demand = namespace.demand.iter().find(|demand| demand.resource == resource);
    match demand.filter(|demand| demand.requests > 0) {
        Some(demand) => format::amount(demand.unit, demand.requests).into_any(),
        None => view! { <span class="zero">"0"</span> }.into_any(),
    }
}
