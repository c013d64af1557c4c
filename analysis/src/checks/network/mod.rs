//! Which pods may be reached by whom.

pub mod database_open_across_namespaces;
pub mod dns_cut_off;
pub mod duplicate_network_policy;
pub mod exposed_workload_without_ingress_policy;
pub mod metadata_endpoint_reachable;
pub mod namespace_without_default_deny;
pub mod namespace_without_egress_default_deny;
pub mod network_intent_broken;
pub mod network_policies_not_enforced;
pub mod network_policy_invalid;
pub mod policy_label_on_no_workload;
pub mod policy_lets_in_all_addresses;
pub mod policy_lets_in_all_namespaces;
pub mod policy_named_port_unknown;
pub mod policy_on_host_network_pods;
pub mod policy_peer_of_all_namespaces;
pub mod policy_port_range_wide;
pub mod policy_priorities_equal;
pub mod policy_rule_matches_nothing;
pub mod policy_selects_nothing;
pub mod policy_undone_by_another;
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

#[cfg(test)]
mod fixtures {
    /// A Deployment with pods labelled `app`.
    pub(super) fn deployment(namespace: &str, app: &str, pod: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {app}, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {{app: {app}}}}}, spec: {{{pod}}}}}}}
---
"
        )
    }

    pub(super) fn policy(namespace: &str, name: &str, spec: &str) -> String {
        format!(
            "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
---
"
        )
    }

    pub(super) fn namespace(name: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {name}}}
---
"
        )
    }
}
