//! One namespace, all of it: what is wrong in it, what Pod Security would refuse, what bounds it, who can reach it, what runs,
//! who may act in it, and what happened.

mod access;
mod findings;
mod history;
mod limits;
mod network;
mod pod_security;
mod quotas;
mod summary;
mod usage;
mod workloads;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::namespaces::NamespaceDetail;
use shared::page::{Page, Stamped};
use shared::pod_security::{PodSecurity, PodSecurityQuery};
use shared::quotas::{QuotaQuery, Quotas};
use shared::workloads::{WorkloadQuery, WorkloadRow};

use super::quotas::gaps;
use crate::api;
use crate::components::ago::age;
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon};
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::components::tag::{Tone, tag};
use crate::here::{Here, encode, use_here};

/// Workloads that are listed here; all of them are a link away.
const WORKLOADS: u32 = 8;
/// Labels that every namespace has, or that are told in their own card.
const TOLD: [&str; 2] = ["kubernetes.io/metadata.name", "pod-security.kubernetes.io/"];

/// What is read for the page besides the namespace itself.
#[derive(Clone, Copy)]
struct Parts {
    levels: Load<Stamped<PodSecurity>>,
    quotas: Load<Stamped<Quotas>>,
    workloads: Load<Stamped<Page<WorkloadRow>>>,
    history: history::History,
}

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let params = use_params_map();
    let name = Signal::derive(move || params.with(|params| params.get("name").unwrap_or_default()));
    let namespace = load(move || api::namespaces::get(&name.get(), here.at()));
    let parts = read(here, name);
    let crumbs = crumbs(here, &[("Namespaces", "/namespaces")], "Namespace");
    let meta = move || namespace.map(|namespace| meta(&namespace.body));
    let access = move || {
        let to = format!("/access?within={}", encode(&name.get()));
        view! { <a class="btn" href=here.link(&to)>{icon(Icon::Access)}"Access in it"</a> }
    };
    view! {
        <PageHead title=name mono=true crumbs=crumbs meta=meta actions=access/>
        {loaded(namespace, "namespace", || table_skeleton(10), move |namespace| whole(here, parts, &namespace.body))}
    }
    .into_any()
}

fn read(here: Here, name: Signal<String>) -> Parts {
    Parts {
        levels: load(move || {
            let at = here.at();
            api::pod_security::list(&PodSecurityQuery {
                cluster: at.cluster,
                at: at.at,
                namespace: Some(name.get()),
                version: None,
            })
        }),
        quotas: load(move || {
            let at = here.at();
            api::quotas::list(&QuotaQuery {
                cluster: at.cluster,
                at: at.at,
                namespace: Some(name.get()),
            })
        }),
        workloads: load(move || {
            let at = here.at();
            api::workloads::list(&WorkloadQuery {
                cluster: at.cluster,
                at: at.at,
                namespace: Some(name.get()),
                limit: Some(WORKLOADS),
                ..Default::default()
            })
        }),
        history: history::read(here, name),
    }
}

/// Since when it is known, and its own labels.
fn meta(namespace: &NamespaceDetail) -> AnyView {
    let known = namespace.first_seen.map(|since| view! { "known for "{age(since)} });
    let own = |key: &str| TOLD.iter().all(|told| !key.starts_with(told));
    let labels: Vec<_> = namespace
        .labels
        .iter()
        .filter(|(key, _)| own(key))
        .map(|(key, value)| view! { " "{tag(Tone::Plain, format!("{key}={value}"))} })
        .collect();
    let terminating = namespace
        .row
        .is_terminating
        .then(|| view! { " "{tag(Tone::Warn, "being deleted")} });
    view! { {known}{terminating}{labels} }.into_any()
}

fn whole(here: Here, parts: Parts, namespace: &NamespaceDetail) -> AnyView {
    let name = namespace.row.namespace.clone();
    view! {
        {gaps(&namespace.gaps)}
        {summary::summary(here, parts.quotas, namespace)}
        <div class="grid">
            <div class="stack c8">
                {pod_security::pod_security(here, namespace.row.is_terminating, parts.levels)}
                {quotas::quotas(here, namespace.row.quotas.is_some(), parts.quotas)}
                {usage::usage(here, parts.quotas)}
                {workloads::workloads(here, &name, parts.workloads)}
            </div>
            <div class="stack c4">
                {findings::findings(here, namespace)}
                {network::network(here, namespace)}
                {limits::limits(namespace)}
                {access::access(here, namespace)}
                {history::history(here, parts.history)}
            </div>
        </div>
    }
    .into_any()
}
