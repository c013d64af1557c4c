//! The figures above the tables, each leading to what it counts.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use shared::quotas::Quotas;

use super::nodes::share_of;
use super::uses::{nearest, resources};
use super::without::is_bare;
use super::{Part, count, has_quota};
use crate::components::forecast::{SOON, in_sight, midnight};
use crate::components::link::{count_link, link};
use crate::components::meter::{NEAR, percent};
use crate::components::number::number_or_unknown;
use crate::format;
use crate::here::Here;

/// The strip of figures.
pub(super) fn summary(here: Here, now: DateTime<Utc>, quotas: &Quotas) -> AnyView {
    let near = count(quotas, |it| has_quota(it).map(|_| nearest(it) >= NEAR));
    let next = next(now, quotas);
    let soon = near.map(|_| next.map(|(soon, _)| soon).unwrap_or_default());
    let first = next.map(|(_, day)| view! { "the first on "{format::day(midnight(day), now)} }.into_any());
    let bare = count(quotas, is_bare);
    let unlimited = Part::Unlimited.count(quotas);
    let counted = |n: Option<u64>, to: &'static str| match n {
        Some(n) => count_link(here, "", n, to),
        None => number_or_unknown(None),
    };
    let capacity = ["cpu", "memory"].map(|resource| asked(here, quotas, resource));
    view! {
        <section class="card stats" aria-label="Summary">
            {figure("Nearly full", counted(near, "/quotas?use=near"), "namespaces at 80 % or more".into_any())}
            {figure("Full within 30 days", counted(soon, "/quotas?sort=reached"), first.into_any())}
            {figure("Neither quota nor limit range", counted(bare, "/quotas?tab=without&bound=none"), "namespaces".into_any())}
            {figure("Containers without limits", counted(unlimited, "/quotas?tab=unlimited"), "may use all of their node".into_any())}
            {capacity}
        </section>
    }
    .into_any()
}

/// How many bounds will be reached soon, and the first day of those.
fn next(now: DateTime<Utc>, quotas: &Quotas) -> Option<(u64, NaiveDate)> {
    let all = quotas.namespaces.iter().flat_map(resources);
    let soon = all.filter_map(|of| in_sight(of, now)).filter(|(_, days)| *days <= SOON);
    let days: Vec<_> = soon.map(|(forecast, _)| forecast.reached_on).collect();
    Some((days.len() as u64, days.into_iter().min()?))
}

/// What all pods ask for of a resource, of what all nodes have.
fn asked(here: Here, quotas: &Quotas, resource: &'static str) -> Option<AnyView> {
    let of = quotas.capacity.iter().find(|it| it.demand.resource == resource)?;
    let share = share_of(of.demand.requests, &of.allocatable);
    let label = match resource {
        "cpu" => "CPU asked for",
        _ => "Memory asked for",
    };
    let text = share.map_or_else(|| "–".to_owned(), percent);
    let of_nodes = match (of.demand.requests, of.allocatable.value) {
        (Some(requests), Some(all)) => format!(
            "{} of {}",
            format::amount(of.demand.unit, requests),
            format::amount(of.demand.unit, all)
        ),
        (None, _) => "pods were not read".to_owned(),
        (_, None) => "nodes do not say what they have".to_owned(),
    };
    Some(figure(
        label,
        link(here, "", "/quotas?tab=nodes", text),
        of_nodes.into_any(),
    ))
}

fn figure(label: &'static str, value: AnyView, below: AnyView) -> AnyView {
    view! { <div><span class="k">{label}</span><span class="v">{value}</span>" "<span class="delta below">{below}</span></div> }
        .into_any()
}
