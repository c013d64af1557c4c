//! Which pods may be reached by whom.

pub mod namespace_without_default_deny;
pub mod policy_selects_nothing;
pub mod workload_selected_by_no_policy;

use serde_json::{Value, json};
use shared::object::ObjectRef;
use shared::patch::Patch;

use crate::cluster::Cluster;
use crate::model::network_policy::NetworkPolicy;
use crate::network::policy::{is_subject, runs};

/// Whether pods run in a namespace that policies have a say over.
fn holds_subjects(cluster: &Cluster<'_>, namespace: &str) -> bool {
    let mut workloads = cluster.workloads_in(namespace);
    workloads.any(|workload| is_subject(workload) && runs(workload))
}

fn names<'a>(policies: &[&'a NetworkPolicy]) -> impl Iterator<Item = &'a str> {
    policies
        .iter()
        .filter_map(|policy| Some(policy.metadata.as_ref()?.name.as_str()))
}

/// A new policy of a namespace, under a name that is free.
fn create(namespace: &str, base: &str, policies: &[&NetworkPolicy], spec: &Value) -> Patch {
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    let mut candidates = std::iter::once(base.to_owned()).chain(numbered);
    let name = candidates
        .find(|name| names(policies).all(|taken| taken != name))
        .unwrap_or_default();
    let manifest = json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": { "name": name, "namespace": namespace },
        "spec": spec,
    });
    Patch::Create { manifest }
}

fn undefined(one: &ObjectRef, other: &ObjectRef) -> String {
    format!(
        "{one} and {other} have the same priority, and one lets through what the other does not: which holds is undefined."
    )
}
