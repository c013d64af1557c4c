//! Namespaces that nothing bounds, and what they ask for.

use leptos::prelude::*;
use shared::quotas::NamespaceQuotas;

use super::has_quota;
use crate::components::chip::chip;
use crate::components::empty::empty_good;
use crate::components::link::{count_link, link};
use crate::components::number::number_or_unknown;
use crate::components::object::namespace_path;
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, encode};

/// The table, those with the most pods first.
pub(super) fn without(here: Here, namespaces: &[NamespaceQuotas]) -> AnyView {
    let only_bare = here.param("bound").as_deref() == Some("none");
    let mut found: Vec<&NamespaceQuotas> = namespaces
        .iter()
        .filter(|it| has_quota(it) == Some(false) && (!only_bare || is_bare(it) == Some(true)))
        .collect();
    if found.is_empty() && only_bare {
        let all = link(here, "btn", "/quotas?tab=without", "Clear filter");
        return empty_good("Every namespace is bounded", "By a quota, or a limit range.", all);
    }
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
    let chosen = only_bare.then(|| view! { <div class="filters">{chip(here, "bound", "none".to_owned())}</div> });
    view! { {chosen}<section class="card" aria-label="Namespaces without a quota">{table}</section> }.into_any()
}

/// Whether nothing bounds it, neither quota nor limit range; none where either was not read.
pub(super) fn is_bare(namespace: &NamespaceQuotas) -> Option<bool> {
    Some(!has_quota(namespace)? && namespace.limit_ranges.as_ref()?.is_empty())
}

fn one(here: Here, namespace: &NamespaceQuotas) -> AnyView {
    let name = &namespace.namespace;
    let unlimited = format!("/quotas?tab=unlimited&namespace={}", encode(name));
    row(
        "",
        vec![
            ("mono", link(here, "", namespace_path(name), name.clone())),
            ("", bounds(namespace)),
            ("num", number_or_unknown(namespace.pods)),
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
    let Some(ranges) = &namespace.limit_ranges else {
        return view! { <span class="zero">"limit ranges were not read"</span> }.into_any();
    };
    match ranges.as_slice() {
        [] => tag(Tone::Warn, "no quota, no limit range"),
        ranges => view! { "limit range "<span class="mono">{ranges.join(", ")}</span> }.into_any(),
    }
}

fn asked(namespace: &NamespaceQuotas, resource: &str) -> AnyView {
    let demand = namespace.demand.iter().find(|demand| demand.resource == resource);
    match demand.and_then(|demand| Some((demand.unit, demand.requests?))) {
        Some((unit, requests)) if requests > 0 => format::amount(unit, requests).into_any(),
        Some(_) => number_or_unknown(Some(0)),
        None => number_or_unknown(None),
    }
}
