//! What runs in a namespace, the worst first.

use leptos::prelude::*;
use shared::page::{Page, Stamped};
use shared::workloads::WorkloadRow;

use crate::components::card::Card;
use crate::components::link::link;
use crate::components::load::{Load, loaded, table_skeleton};
use crate::components::number::number_or_unknown;
use crate::components::object::workload_path;
use crate::components::open_findings::open_findings;
use crate::components::table::{row, table};
use crate::format;
use crate::here::{Here, encode};
use crate::shell::use_frame;

/// The card.
pub(super) fn workloads(here: Here, namespace: &str, workloads: Load<Stamped<Page<WorkloadRow>>>) -> AnyView {
    let to = format!("/workloads?namespace={}", encode(namespace));
    let all = move || {
        let total = workloads.map(|found| found.body.total)?;
        (total > 0).then(|| link(here, "link", to.clone(), format!("All {}", format::number(total))))
    };
    let unread = use_frame().pods_unread();
    view! {
        <Card id="workloads" title="Workloads" note="worst first" end=all.into_any()>
            {loaded(workloads, "workloads", || table_skeleton(6), move |found| shown(here, unread.get(), &found.body.items))}
        </Card>
    }
    .into_any()
}

fn shown(here: Here, pods_unread: bool, workloads: &[WorkloadRow]) -> AnyView {
    if workloads.is_empty() {
        return view! { <p class="card-body muted">"Nothing runs in it."</p> }.into_any();
    }
    let one = |workload: &WorkloadRow| {
        let object = &workload.object;
        let pods = (!pods_unread).then_some(workload.pods);
        row(
            "",
            vec![
                ("mono", link(here, "", workload_path(object), object.name.clone())),
                ("wide", object.kind.clone().into_any()),
                ("num", number_or_unknown(pods)),
                ("tight", open_findings(here, object, &workload.open)),
            ],
        )
    };
    let heads = [
        ("", "Workload"),
        ("wide", "Kind"),
        ("num", "Pods"),
        ("", "Open findings"),
    ];
    table("Workloads", "table fits", &heads, workloads.iter().map(one).collect())
}
