//! Sidecars: where they are put into pods, and the workloads of which pods lack them.

use leptos::prelude::*;
use shared::admission::{Injection, MissingSidecar};
use shared::verdict::Verdict;

use crate::components::card::Card;
use crate::components::link::link;
use crate::components::object::workload_path;
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;

/// Namespaces with sidecars; those that lack some come first.
pub(super) fn sidecars(here: Here, injections: &[Injection]) -> AnyView {
    let mut sorted: Vec<&Injection> = injections.iter().collect();
    sorted.sort_by_key(|injection| injection.missing.is_empty());
    let items: Vec<_> = sorted.into_iter().map(|of| injection(here, of)).collect();
    let body = match items.is_empty() {
        true => view! { <p class="card-body muted">"No namespace and no pod asks for one."</p> }.into_any(),
        false => view! { <ul class="guards">{items}</ul> }.into_any(),
    };
    view! { <Card id="sidecars" title="Sidecars" note="put into pods on their way in">{body}</Card> }.into_any()
}

fn injection(here: Here, injection: &Injection) -> AnyView {
    let all = format::count(injection.workloads, "workload", "workloads");
    let verdict = match injection.missing.len() {
        0 => verdict_with(Verdict::Pass, format!("{all}, none lacks it")),
        lacking => verdict_with(Verdict::Fail, format!("{lacking} of {all} lack it")),
    };
    let missing: Vec<_> = injection.missing.iter().map(|of| missing(here, of)).collect();
    let (name, what) = (
        injection.namespace.clone(),
        format!("{}, {}", injection.injector, injection.container),
    );
    view! {
        <li>
            <p class="title"><b class="mono">{name}</b><span class="muted">{what}</span></p>
            <p>{verdict}</p>
            <ul class="bound">{missing}</ul>
        </li>
    }
    .into_any()
}

fn missing(here: Here, missing: &MissingSidecar) -> AnyView {
    let pods = format!("{} of {}", missing.pods, format::count(missing.of, "pod", "pods"));
    let to = workload_path(&missing.workload);
    view! { <li>{link(here, "mono", to, missing.workload.name.clone())}" "<span class="muted">{pods}</span></li> }
        .into_any()
}
