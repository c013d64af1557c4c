//! What pods ask for and may take, against what nodes have.

use leptos::prelude::*;
use shared::quotas::{Amount, Capacity, NodeCapacity, Quotas};

use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::meter::{calm_meter, meter};
use crate::components::number::number_or_unknown;
use crate::components::table::scroll;
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, encode};

/// Resources that have columns.
const RESOURCES: [(&str, &str, &str); 2] = [
    ("cpu", "CPU asked for", "CPU limits"),
    ("memory", "Memory asked for", "Memory limits"),
];

/// What is asked for, of what there is; none where that is not known, or a node does not say, or has nothing.
pub(super) fn share_of(part: Option<i64>, all: &Amount) -> Option<f64> {
    let all = all.value.filter(|all| *all > 0)?;
    Some(part? as f64 / all as f64)
}

/// The table, the fullest node first, and all of them together.
pub(super) fn nodes(here: Here, quotas: &Quotas) -> AnyView {
    if quotas.nodes.is_empty() {
        return empty(
            "No node is known",
            "Manifests hold none, and the collector may not be let read them.",
            (),
        );
    }
    let mut nodes: Vec<&NodeCapacity> = quotas.nodes.iter().collect();
    let fullest = |node: &NodeCapacity| node.resources.iter().filter_map(requested).fold(0.0, f64::max);
    nodes.sort_by(|a, b| fullest(b).total_cmp(&fullest(a)).then_with(|| a.node.cmp(&b.node)));
    let rows: Vec<_> = nodes.iter().map(|node| row(here, node)).collect();
    let heads = RESOURCES.map(|(_, requests, limits)| {
        view! { <th scope="col">{requests}</th><th scope="col" class="wide">{limits}</th> }
    });
    let heads = heads.collect_view();
    let pods: Option<u32> = quotas.nodes.iter().map(|node| node.pods).sum();
    let table = view! {
        <table class="table fits nodes">
            <thead><tr><th scope="col">"Node"</th><th scope="col" class="num wide">"Pods"</th>{heads}</tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row">"All nodes"</th><td class="num wide">{number_or_unknown(pods)}</td>{cells(&quotas.capacity)}</tr></tfoot>
        </table>
    };
    let foot =
        "Limits may exceed what a node has: pods that all take what they may are then throttled, or killed for memory.";
    view! {
        <section class="card" aria-label="Nodes">
            {scroll("Nodes table", table)}
            <div class="card-foot">{foot}</div>
        </section>
    }
    .into_any()
}

fn requested(of: &Capacity) -> Option<f64> {
    share_of(of.demand.requests, &of.allocatable)
}

fn row(here: Here, node: &NodeCapacity) -> AnyView {
    let to = format!("/findings?kind=Node&namespace=-&name={}", encode(&node.node));
    let cordoned = (!node.schedulable).then(|| view! { " "{tag(Tone::Warn, "takes no new pods")} });
    view! {
        <tr>
            <th scope="row">{link(here, "mono", to, node.node.clone())}{cordoned}</th>
            <td class="num wide">{number_or_unknown(node.pods)}</td>
            {cells(&node.resources)}
        </tr>
    }
    .into_any()
}

fn cells(resources: &[Capacity]) -> AnyView {
    let pair = |(resource, ..): (&str, &str, &str)| {
        let of = resources.iter().find(|of| of.demand.resource == resource);
        view! {
            <td class="bar">{of.map(|of| cell(meter, of.demand.requests, of))}{of.and_then(used)}</td>
            <td class="bar wide">{of.map(|of| cell(calm_meter, of.demand.limits, of))}</td>
        }
    };
    RESOURCES.map(pair).collect_view().into_any()
}

/// Limits that exceed the node are no alarm: not all pods take what they may.
fn cell(meter: fn(Option<f64>, &str) -> AnyView, part: Option<i64>, of: &Capacity) -> AnyView {
    let unit = of.demand.unit;
    let told = |amount: Option<i64>| amount.map_or_else(|| "–".to_owned(), |amount| format::amount(unit, amount));
    let all = told(of.allocatable.value);
    let words = format!("{all} of {}", of.demand.resource);
    let amounts = format!("{} / {all}", told(part));
    view! { {meter(share_of(part, &of.allocatable), &words)}<span class="sub n">{amounts}</span> }.into_any()
}

/// What its pods used, where that was measured.
fn used(of: &Capacity) -> Option<AnyView> {
    let used = format::amount(of.demand.unit, of.demand.used?);
    Some(view! { <span class="sub n">"uses "{used}</span> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_nothing_there_is_no_share() {
        let all = |value| Amount {
            text: String::new(),
            value,
        };
        assert_eq!(share_of(Some(500), &all(Some(2000))), Some(0.25));
        let unknown = [(Some(500), Some(0)), (Some(500), None), (None, Some(2000))];
        assert_eq!(unknown.map(|(part, whole)| share_of(part, &all(whole))), [None; 3]);
    }
}
