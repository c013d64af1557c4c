//! Containers that neither state limits nor get them from a limit range, by namespace.

use leptos::prelude::*;
use shared::quotas::{NamespaceQuotas, UnlimitedContainer};

use crate::components::empty::{empty, empty_good};
use crate::components::link::link;
use crate::components::object::{namespace_path, workload_path};
use crate::components::table::scroll;
use crate::format;
use crate::here::Here;

/// Containers that are listed; those of more are found by namespace.
const MOST: usize = 300;

/// The list, the namespace with the most of them first.
pub(super) fn unlimited(here: Here, namespaces: &[NamespaceQuotas]) -> AnyView {
    let wanted = here.param("namespace");
    let mut found: Vec<&NamespaceQuotas> = namespaces
        .iter()
        .filter(|it| !it.without_limits.is_empty() && wanted.as_ref().is_none_or(|wanted| it.namespace == *wanted))
        .collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.without_limits.len()), it.namespace.clone()));
    match (found.is_empty(), wanted.is_some()) {
        (false, _) => listed(here, &found),
        (true, false) => empty_good(
            "Every container has limits",
            "Of its own, or of its namespace's limit range.",
            (),
        ),
        (true, true) => empty(
            "No container there is without limits",
            "",
            link(here, "btn", "/quotas?tab=unlimited", "Clear filter"),
        ),
    }
}

fn listed(here: Here, found: &[&NamespaceQuotas]) -> AnyView {
    let all: usize = found.iter().map(|it| it.without_limits.len()).sum();
    let mut left = MOST;
    let mut groups = Vec::new();
    for namespace in found {
        let shown = namespace.without_limits.len().min(left);
        left -= shown;
        if shown > 0 {
            groups.push(group(here, namespace, shown));
        }
    }
    let table = view! {
        <table class="table fits">
            <thead>
                <tr>
                    <th scope="col">"Workload"</th>
                    <th scope="col">"Container"</th>
                    <th scope="col">"Without a limit of"</th>
                </tr>
            </thead>
            {groups}
        </table>
    };
    let left_out = format!(
        "{MOST} of {}. Filter by namespace to see the others.",
        format::number(all as u64)
    );
    let foot = (all > MOST).then(|| view! { <div class="card-foot">{left_out}</div> });
    view! { <section class="card" aria-label="Containers without limits">{scroll("Containers table", table)}{foot}</section> }.into_any()
}

fn group(here: Here, namespace: &NamespaceQuotas, shown: usize) -> AnyView {
    let rows: Vec<_> = namespace
        .without_limits
        .iter()
        .take(shown)
        .map(|it| row(here, it))
        .collect();
    let name = &namespace.namespace;
    let count = format::count(namespace.without_limits.len() as u64, "container", "containers");
    view! {
        <tbody>
            <tr class="group">
                <th scope="rowgroup" class="mono">{link(here, "", namespace_path(name), name.clone())}</th>
                <td colspan="2" class="muted">{count}</td>
            </tr>
            {rows}
        </tbody>
    }
    .into_any()
}

fn row(here: Here, container: &UnlimitedContainer) -> AnyView {
    let object = &container.object;
    let workload = view! { <span class="muted">{object.kind.clone()}" "</span>{object.name.clone()} };
    view! {
        <tr>
            <td class="mono">{link(here, "", workload_path(object), workload)}</td>
            <td class="mono">{container.container.clone()}</td>
            <td>{container.resources.join(", ")}</td>
        </tr>
    }
    .into_any()
}
