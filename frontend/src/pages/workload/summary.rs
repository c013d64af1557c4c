//! The figures of a workload.

use leptos::prelude::*;
use shared::pod_security::{Level, LevelVerdict};
use shared::workloads::WorkloadDetail;

use super::Levels;
use super::pod_security::narrowest;
use crate::components::ago::{age, when};
use crate::components::link::{count_link, link};
use crate::components::number::number_or_unknown;
use crate::components::object::{account, object_path};
use crate::components::open_findings::{findings_on, open_findings};
use crate::format;
use crate::here::Here;

/// The strip of figures.
pub(super) fn summary(here: Here, (pods_unread, levels): (Memo<bool>, Levels), workload: &WorkloadDetail) -> AnyView {
    let row = &workload.row;
    let open = count_link(here, "", row.open.total(), findings_on(&row.object));
    let by_severity = (row.open.total() > 0).then(|| open_findings(here, &row.object, &row.open));
    let wanted = workload
        .replicas
        .map(|wanted| view! { <small>{format!(" of {wanted}")}</small> });
    let pods = row.pods;
    let running = move || match pods_unread.get() {
        true => number_or_unknown(None),
        false => format::number(pods).into_any(),
    };
    let judged = match workload.deleted_at {
        Some(_) => view! { <span class="zero">"–"</span> }.into_any(),
        None => (move || levels.map(|levels| level(&levels.body.levels))).into_any(),
    };
    let init = workload.containers.iter().filter(|container| container.init).count();
    let init = (init > 0).then(|| view! { <small>{format!(" with {init} init")}</small> });
    view! {
        <section class="card stats" aria-label="Summary">
            {figure("Open findings", view! { {open} }.into_any(), by_severity)}
            {figure("Pods", view! { {running}{wanted} }.into_any(), None)}
            {figure("Pod Security", judged, None)}
            {figure("Containers", view! { {workload.containers.len()}{init} }.into_any(), None)}
            {figure("Service account", runs_as(here, workload), None)}
            {figure("Known for", age(workload.first_seen), Some(since(workload)))}
        </section>
    }
    .into_any()
}

/// The narrowest level that would let it in, and how far it is from the next.
fn level(levels: &[LevelVerdict]) -> AnyView {
    let (name, next) = match narrowest(levels) {
        Level::Privileged => ("Privileged", Some(Level::Baseline)),
        Level::Baseline => ("Baseline", Some(Level::Restricted)),
        Level::Restricted => ("Restricted", None),
    };
    let refused = levels.iter().find(|verdict| Some(verdict.level) == next);
    let short = refused.map(|verdict| {
        let fields = format::count(verdict.violations.len() as u64, "field", "fields");
        view! { <small>{format!(" {fields} short of {}", verdict.level)}</small> }
    });
    view! { {name}{short} }.into_any()
}

fn figure(label: &'static str, value: AnyView, below: Option<AnyView>) -> AnyView {
    view! { <div><span class="k">{label}</span><span class="v">{value}</span>" "<span class="delta">{below}</span></div> }
        .into_any()
}

fn since(workload: &WorkloadDetail) -> AnyView {
    view! { "since "{when(workload.first_seen)} }.into_any()
}

fn runs_as(here: Here, workload: &WorkloadDetail) -> AnyView {
    let (object, name) = (&workload.row.object, workload.row.service_account.clone());
    if name.is_empty() {
        return view! { <span class="zero">"–"</span> }.into_any();
    }
    link(here, "mono", object_path(&account(&object.namespace, &name)), name)
}
