//! What the containers of a workload use, beside what they ask for and may take.

use leptos::prelude::*;
use shared::usage::{ContainerUsage, ResourceUsage, WorkloadUsage};

use crate::components::card::Card;
use crate::components::table::{row, table};
use crate::components::usage::{Bars, bars, sampled, unmeasured};
use crate::format;

/// The card: each container by the pod in which it uses most.
pub(super) fn usage(usage: &WorkloadUsage) -> AnyView {
    let body = match unmeasured(&usage.sampling) {
        Some(why) => view! { <p class="card-body muted">{why}</p> }.into_any(),
        None => measured(usage),
    };
    view! { <Card id="usage" title="Use" note="in the pod that uses most">{body}</Card> }.into_any()
}

fn measured(usage: &WorkloadUsage) -> AnyView {
    let heads = [("", "Container"), ("", "CPU"), ("", "Memory")];
    let rows = usage.containers.iter().map(one).collect();
    let foot = format!("Of the whole cluster there is {}.", sampled(&usage.sampling));
    view! { <div>{table("Use", "table usage", &heads, rows)}<div class="card-foot">{foot}</div></div> }.into_any()
}

fn one(container: &ContainerUsage) -> AnyView {
    let pods = match container.pods {
        0 => "in no pod".to_owned(),
        pods => format!("in {}", format::count(pods, "pod", "pods")),
    };
    let of = |resource: &str| {
        let found = container.resources.iter().find(|of| of.resource == resource);
        found.map(|of| resource_bars(of, container.pods)).into_any()
    };
    let name = view! { <span class="mono">{container.container.clone()}</span><span class="sub">{pods}</span> };
    row(
        "",
        vec![("", name.into_any()), ("bar", of("cpu")), ("bar", of("memory"))],
    )
}

fn resource_bars(of: &ResourceUsage, pods: u32) -> AnyView {
    let shown = bars(Bars {
        unit: of.unit,
        used: of.most,
        asked: of.request,
        limit: of.limit,
        is_bounded: of.limit.is_some(),
    });
    let mean = of.mean.filter(|_| pods > 1);
    let mean = mean.map(|mean| view! { <span class="sub n">{format::amount(of.unit, mean)}" on average"</span> });
    view! { {shown}{mean} }.into_any()
}
