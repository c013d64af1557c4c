//! The quotas of a namespace: each with its use over time, and the day on which it will be all.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::page::Stamped;
use shared::quotas::history::QuotaHistory;
use shared::quotas::{NamespaceQuotas, Quota, QuotaUse, Quotas};

use crate::api;
use crate::chart::usage;
use crate::components::card::Card;
use crate::components::forecast::reached;
use crate::components::link::link;
use crate::components::load::{Load, failure, load, loaded, table_skeleton, waiting};
use crate::components::meter::meter;
use crate::format;
use crate::here::{Here, encode};

/// The card; `were_read` tells whether there being none means that there are none.
pub(super) fn quotas(here: Here, were_read: bool, quotas: Load<Stamped<Quotas>>) -> AnyView {
    let end = link(here, "link", "/quotas", "All quotas");
    view! {
        <Card id="quotas" title="Quotas" note="use against what is allowed, 90 days" end=end>
            {loaded(quotas, "quotas", || table_skeleton(4), move |quotas| shown(here, were_read, quotas))}
        </Card>
    }
    .into_any()
}

fn shown(here: Here, were_read: bool, quotas: &Stamped<Quotas>) -> AnyView {
    let now = quotas.as_of.as_ref().map(|as_of| as_of.taken_at).unwrap_or_default();
    let namespace = quotas.body.namespaces.first();
    let Some((namespace, all)) = namespace.and_then(|it| Some((it, it.quotas.as_ref().filter(|all| !all.is_empty())?)))
    else {
        let text = match were_read {
            true => "It has none: its pods may ask for all that the nodes have.",
            false => "Quotas could not be read; whether it has one is not known.",
        };
        let unlimited = unlimited(here, namespace);
        return view! { <div><p class="card-body">{text}</p>{unlimited}</div> }.into_any();
    };
    let each: Vec<_> = all
        .iter()
        .map(|quota| one(here, now, &namespace.namespace, quota, all.len() > 1))
        .collect();
    view! { <div>{each}{unlimited(here, Some(namespace))}</div> }.into_any()
}

/// How many of its containers may use all of their node.
fn unlimited(here: Here, namespace: Option<&NamespaceQuotas>) -> Option<AnyView> {
    let namespace = namespace.filter(|it| !it.without_limits.is_empty())?;
    let number = namespace.without_limits.len() as u64;
    let (words, rest) = match number {
        1 => (
            "container has no limit",
            " of CPU or memory, and may use all of its node.",
        ),
        _ => (
            "containers have no limit",
            " of CPU or memory, and may use all of their node.",
        ),
    };
    let words = format!("{} {words}", format::number(number));
    let to = format!("/quotas?tab=unlimited&namespace={}", encode(&namespace.namespace));
    Some(view! { <div class="card-foot"><p>{link(here, "link", to, words)}{rest}</p></div> }.into_any())
}

fn one(here: Here, now: DateTime<Utc>, namespace: &str, quota: &Quota, has_others: bool) -> AnyView {
    let (within, name) = (namespace.to_owned(), quota.name.clone());
    let history = load(move || api::quotas::history(&within, &name, here.at()));
    let head = (has_others || !quota.scopes.is_empty()).then(|| {
        let scopes = (!quota.scopes.is_empty()).then(|| format!("for {}", quota.scopes.join(" and ")));
        view! { <div class="card-head next"><h3 class="mono">{quota.name.clone()}</h3><p>{scopes}</p></div> }
    });
    let uses: Vec<_> = quota.resources.iter().map(|of| resource(now, of, history)).collect();
    // Said once, not for each resource: their meters are there all the same.
    let failed = move || {
        let error = history.error()?;
        Some(failure(error, "use over time", move || history.reload()))
    };
    view! { {head}{failed}<ul class="quota-uses">{uses}</ul> }.into_any()
}

/// As high as the chart, so that nothing moves when that comes.
fn curve_skeleton() -> AnyView {
    waiting("use over time", view! { <div class="skeleton curve"></div> }.into_any())
}

fn resource(now: DateTime<Utc>, of: &QuotaUse, history: Load<Stamped<QuotaHistory>>) -> AnyView {
    let (name, outlook) = (of.resource.clone(), of.outlook);
    let told = |amount| format::written(of.unit, amount);
    let (used, hard) = (told(of.used.as_ref()), told(Some(&of.hard)));
    let of_it = move |history: &Stamped<QuotaHistory>| {
        let mut resources = history.body.resources.iter();
        resources
            .find(|known| known.resource == name)
            .map(|known| usage(known, outlook))
    };
    let drawn = move || match history.map(&of_it) {
        Some(drawn) => drawn,
        None => history.error().is_none().then(curve_skeleton),
    };
    view! {
        <li>
            <div class="told">
                <h3 class="mono">{of.resource.clone()}</h3>
                {meter(of.share, &format!("{hard} of {}", of.resource))}
                <span class="n muted">{used}" / "{hard.clone()}</span>
                <div class="end"><span class="muted">"Used up: "</span>{reached(of, now)}</div>
            </div>
            {drawn}
        </li>
    }
    .into_any()
}
