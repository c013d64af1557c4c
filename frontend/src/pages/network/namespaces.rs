//! How far policies cover each namespace: the same as the matrix, as a table.

use leptos::prelude::*;
use shared::network::coverage::{Coverage, Extent, Isolation, NamespaceCoverage};
use shared::network::propose::{Callers, Directions};

use super::making;
use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::meter::calm_meter;
use crate::components::number::number;
use crate::components::object::namespace_path;
use crate::components::search::search_field;
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::here::Here;

/// The card.
pub(super) fn card(here: Here, coverage: &Coverage) -> AnyView {
    let all = StoredValue::new(coverage.namespaces.clone());
    let text = here.watch("q");
    let found = move || {
        let text = text.get().unwrap_or_default();
        all.with_value(|all| listed(here, all.iter().filter(|it| it.name.contains(&text)).collect()))
    };
    view! {
        <div class="filters" role="search" aria-label="Filter by namespace">{search_field(here, "Namespace")}</div>
        {found}
    }
    .into_any()
}

fn listed(here: Here, mut found: Vec<&NamespaceCoverage>) -> AnyView {
    if found.is_empty() {
        return empty("Nothing matches", "No namespace has such a name.", ());
    }
    // Where most is open comes first.
    found.sort_by(|a, b| {
        open(b)
            .unwrap_or(-1.0)
            .total_cmp(&open(a).unwrap_or(-1.0))
            .then_with(|| a.name.cmp(&b.name))
    });
    let heads = [
        ("", "Namespace"),
        ("num", "Pods"),
        ("", "Ingress"),
        ("num wide", "Isolated"),
        ("", "Egress"),
        ("num wide", "Isolated"),
        ("bar", "Open to other pods"),
        ("tight", "Fix"),
    ];
    let rows = found.iter().map(|namespace| one(here, namespace)).collect();
    let table = table("Coverage by namespace", "table fits", &heads, rows);
    view! { <section class="card" aria-label="Coverage by namespace">{table}</section> }.into_any()
}

fn one(here: Here, namespace: &NamespaceCoverage) -> AnyView {
    let protection = &namespace.protection;
    row(
        "",
        vec![
            (
                "mono",
                link(here, "", namespace_path(&namespace.name), namespace.name.clone()),
            ),
            ("num", number(protection.pods)),
            ("", by_default(&protection.ingress, protection.pods)),
            ("num wide", number(protection.ingress.pods)),
            ("", by_default(&protection.egress, protection.pods)),
            ("num wide", number(protection.egress.pods)),
            ("bar", calm_meter(open(namespace), "pairs of pods")),
            ("tight", close(here, namespace)),
        ],
    )
}

/// The way to policies that close it, where it is not closed.
fn close(here: Here, namespace: &NamespaceCoverage) -> AnyView {
    let protection = &namespace.protection;
    let is_open = protection.pods > 0 && protection.ingress.default_deny != Extent::All;
    let to = making::path(&namespace.name, (Directions::Ingress, Callers::Cluster));
    is_open.then(|| link(here, "link", to, "Close it")).into_any()
}

fn by_default(isolation: &Isolation, pods: u32) -> AnyView {
    match isolation.default_deny {
        Extent::All => tag(Tone::Ok, "denied by default"),
        Extent::Some => tag(Tone::Plain, "some pods"),
        Extent::None if pods == 0 => view! { <span class="zero">"no pods"</span> }.into_any(),
        Extent::None => tag(Tone::Warn, "open"),
    }
}

fn open(namespace: &NamespaceCoverage) -> Option<f64> {
    let pairs = &namespace.protection.pairs;
    (pairs.all > 0).then(|| (pairs.open + pairs.part) as f64 / pairs.all as f64)
}
