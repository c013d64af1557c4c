//! What is open to the outside, and what workloads may reach there.

use leptos::prelude::*;
use shared::network::answers::ExposureAnswer;
use shared::network::exposure::{Access, Exposure, Reach, Sources, Via, Way};
use shared::object::ObjectRef;

use super::told::{ports, reach_path};
use crate::api;
use crate::components::empty::{empty, empty_good};
use crate::components::icon::{Icon, icon_small};
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::object::object_link;
use crate::components::search::search_field;
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::Here;
use crate::pages::quotas::gaps;

/// How many rows are shown; the filter finds the others.
const MOST: usize = 100;
/// How many policies of a way are named.
const NAMED: usize = 2;

/// The ways in and the ways out.
pub(super) fn part(here: Here) -> AnyView {
    let exposure = load(move || api::network::exposure(here.at()));
    view! {
        <div class="filters" role="search" aria-label="Filter by workload">{search_field(here, "Workload or namespace")}</div>
        {loaded(exposure, "exposure", || table_skeleton(10), move |found| shown(here, &found.body))}
    }
    .into_any()
}

fn shown(here: Here, found: &ExposureAnswer) -> AnyView {
    let Some(exposure) = &found.exposure else {
        return empty("This is not known", found.not_evaluated.clone().unwrap_or_default(), ());
    };
    let unread = gaps(&exposure.unread);
    let kept = StoredValue::new(exposure.clone());
    let text = here.watch("q");
    let tables = move || {
        let text = text.get().unwrap_or_default();
        kept.with_value(|exposure| view! { {ways(here, exposure, &text)}{reaches(here, exposure, &text)} }.into_any())
    };
    view! { {unread}{tables} }.into_any()
}

fn is_meant(workload: &ObjectRef, text: &str) -> bool {
    workload.namespace.contains(text) || workload.name.contains(text)
}

fn more(all: usize) -> Option<AnyView> {
    let text = format!("The first {MOST} of {} are shown.", format::number(all as u64));
    (all > MOST).then(|| view! { <p class="card-foot">{text}</p> }.into_any())
}

fn ways(here: Here, exposure: &Exposure, text: &str) -> AnyView {
    let mut found: Vec<&Way> = exposure
        .ways
        .iter()
        .filter(|way| is_meant(&way.workload, text))
        .collect();
    if found.is_empty() && text.is_empty() {
        return empty_good(
            "Nothing leads in",
            "No Service, Ingress, route or port of a node leads from outside to a workload.",
            (),
        );
    }
    // Whoever is open to the Internet stands first, and among them those whom no policy isolates; last what is on the network of its
    // node, as much of the platform is.
    found.sort_by_key(|way| (way.via == Via::HostNetwork, !is_open(way), way.is_isolated));
    let heads = [
        ("", "Workload"),
        ("", "By"),
        ("num", "Port"),
        ("", "Lets in"),
        ("wide", "Policies"),
    ];
    let rows = found.iter().take(MOST).map(|way| one_way(here, way)).collect();
    view! {
        <section class="card" aria-labelledby="ways">
            <div class="card-head">
                <h2 id="ways">"Ways in"</h2><p>{format::count(found.len() as u64, "way", "ways")}</p>
                <div class="end"><a class="btn small" href=move || api::network::exposure_file(here.at()) download="exposure.csv">{icon_small(Icon::Download)}"CSV"</a></div>
            </div>
            {table("Ways in", "table fits", &heads, rows)}
            {more(found.len())}
        </section>
    }
    .into_any()
}

fn is_open(way: &Way) -> bool {
    matches!(&way.sources, Sources::Addresses { internet: true, .. })
}

fn one_way(here: Here, way: &Way) -> AnyView {
    let via = match way.via {
        Via::LoadBalancer => "load balancer",
        Via::InternalLoadBalancer => "internal load balancer",
        Via::NodePort => "port of each node",
        Via::ExternalIp => "external address",
        Via::Ingress => "Ingress",
        Via::Route => "route of a Gateway",
        Via::HostPort => "port of its node",
        Via::HostNetwork => "network of its node",
    };
    let target = way.target.filter(|target| Some(*target) != way.port);
    let port = match (way.port, target) {
        (Some(port), Some(target)) => format!("{} {port} to {target}", way.protocol),
        (Some(port), None) => format!("{} {port}", way.protocol),
        (None, Some(target)) => format!("{} to {target}", way.protocol),
        (None, None) => format!("{}, any", way.protocol),
    };
    let named = way.why.iter().take(NAMED);
    let policies: Vec<_> = named
        .map(|policy| view! { <li>{object_link(here, policy)}</li> })
        .collect();
    let rest = way.why.len().saturating_sub(NAMED) as u64;
    let rest = (rest > 0).then(|| view! { <li class="muted">{format!("and {} more", format::number(rest))}</li> });
    let policies = match (policies.is_empty(), way.via) {
        (false, _) => view! { <ul class="plain">{policies}{rest}</ul> }.into_any(),
        (true, Via::HostNetwork) => view! { <span class="muted">"have no say"</span> }.into_any(),
        (true, _) => tag(Tone::Warn, "none"),
    };
    row(
        "",
        vec![
            ("", workload(here, &way.workload)),
            (
                "",
                view! { <span class="sub">{via}</span>{object_link(here, &way.object)} }.into_any(),
            ),
            ("num", port.into_any()),
            ("", sources(here, &way.sources)),
            ("wide", policies),
        ],
    )
}

fn workload(here: Here, of: &ObjectRef) -> AnyView {
    let to = reach_path(&format!("{}/{}/{}", of.namespace, of.kind, of.name));
    let text = of.to_string();
    view! { <a class="mono" href=move || here.link(&to)>{text}</a> }.into_any()
}

fn sources(here: Here, sources: &Sources) -> AnyView {
    match sources {
        Sources::Addresses { cidrs, .. } if cidrs.is_empty() => tag(Tone::Ok, "nobody"),
        Sources::Addresses { internet: true, .. } => tag(Tone::Warn, "the Internet"),
        Sources::Addresses { cidrs, .. } => view! { <span class="mono">{cidrs.join(", ")}</span> }.into_any(),
        Sources::Controller { workloads, is_let_in } => {
            let names: Vec<_> = workloads
                .iter()
                .map(|of| view! { <li>{workload(here, of)}</li> })
                .collect();
            let word = if *is_let_in {
                "its controller"
            } else {
                "not its controller"
            };
            view! { <span class="sub">{word}</span><ul class="plain">{names}</ul> }.into_any()
        }
        Sources::NotKnown { reason } => unknown(reason),
    }
}

fn unknown(reason: &str) -> AnyView {
    view! { <span class="zero" title=reason.to_owned()>"not known"</span> }.into_any()
}

fn reaches(here: Here, exposure: &Exposure, text: &str) -> AnyView {
    let mut found: Vec<&Reach> = exposure
        .reaches
        .iter()
        .filter(|reach| is_meant(&reach.workload, text))
        .collect();
    found.sort_by_key(|reach| std::cmp::Reverse(opened(reach)));
    let heads = [
        ("", "Workload"),
        ("", "Metadata"),
        ("", "API server"),
        ("", "Nodes"),
        ("", "Internet"),
        ("wide", "DNS"),
    ];
    let rows = found
        .iter()
        .take(MOST)
        .map(|reach| {
            let cells = [&reach.metadata, &reach.api_server, &reach.nodes, &reach.internet];
            let mut row_cells = vec![("", workload(here, &reach.workload))];
            row_cells.extend(cells.map(|access| ("", told(access))));
            row_cells.push(("wide", told(&reach.dns)));
            row("", row_cells)
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="reaches">
            <div class="card-head"><h2 id="reaches">"Ways out"</h2><p>"what each workload may reach, as policies have it"</p></div>
            {table("Ways out", "table fits", &heads, rows)}
            {more(found.len())}
        </section>
    }
    .into_any()
}

fn opened(reach: &Reach) -> usize {
    let all = [&reach.metadata, &reach.api_server, &reach.nodes, &reach.internet];
    let is_open = |access: &&&Access| matches!(access, Access::Known { connections } if ports(connections) != "none");
    all.iter().filter(is_open).count()
}

fn told(access: &Access) -> AnyView {
    match access {
        Access::Known { connections } => match ports(connections).as_str() {
            "none" => view! { <span class="zero">"no"</span> }.into_any(),
            text => text.to_owned().into_any(),
        },
        Access::NotKnown { reason } => unknown(reason),
    }
}
