//! Which pods may be reached by whom.

pub mod database_open_across_namespaces;
pub mod dns_cut_off;
pub mod duplicate_network_policy;
pub mod exposed_workload_without_ingress_policy;
pub mod metadata_endpoint_reachable;
pub mod namespace_without_default_deny;
pub mod namespace_without_egress_default_deny;
pub mod namespace_without_policy;
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
use shared::verdict::Severity;

use crate::check::Outcome;
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::network_policy::NetworkPolicy;
use crate::network::default_deny::{ByDefault, Opening, of_namespace};
use crate::network::evaluated::Evaluated;
use crate::network::policy::{is_subject, runs};
use crate::network::rule::Direction;

/// What a namespace is called, unless it is being deleted.
fn living(namespace: &Namespace) -> Option<&ObjectMeta> {
    namespace.metadata.as_ref().filter(|_| !namespace.is_terminating())
}

/// The same where pods run that policies have a say over.
fn with_pods<'a>(cluster: &Cluster<'_>, namespace: &'a Namespace) -> Option<&'a ObjectMeta> {
    living(namespace).filter(|meta| {
        let mut workloads = cluster.workloads_in(&meta.name);
        workloads.any(|workload| is_subject(workload) && runs(workload))
    })
}

/// Whether no policy of any kind speaks of the pods of a namespace.
fn is_without_policy(cluster: &Cluster<'_>, namespace: &str) -> bool {
    let evaluated = cluster.network();
    let speaks = |direction, class| !evaluated.network.policies_of(direction, class).is_empty();
    let mut pods = evaluated.pods_in(namespace);
    cluster.policies_in(namespace).is_empty()
        && !pods.any(|(_, class)| speaks(Direction::Ingress, class) || speaks(Direction::Egress, class))
}

/// What a finding of a namespace is made of: the namespace, its policies, and the rule that lets everyone through, if one does.
type Open = fn(&ObjectMeta, &[&NetworkPolicy], Option<Opening>) -> Finding;

/// Whether what no rule speaks of is denied in a namespace with pods. Where there is no policy at all, for either direction,
/// namespace-without-policy says so once.
fn by_default(cluster: &Cluster<'_>, namespace: &Namespace, direction: Direction, open: Open) -> Outcome {
    let Some(meta) = with_pods(cluster, namespace).filter(|meta| !is_without_policy(cluster, &meta.name)) else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let Some(namespace) = evaluated.namespace(&meta.name) else {
        return Outcome::NotApplicable;
    };
    let policies = cluster.policies_in(&meta.name);
    match of_namespace(&evaluated.network, namespace, direction) {
        ByDefault::Denied => Outcome::Pass,
        ByDefault::Undefined(one, other) => Outcome::NotEvaluated(undefined(&one, &other)),
        ByDefault::LetThrough(opening) => Outcome::Fail(vec![open(meta, policies, Some(opening))]),
        ByDefault::Open => Outcome::Fail(vec![open(meta, policies, None)]),
    }
}

/// A finding with the denial of all that comes in as its patch, beside the policies that are there; without one where they are
/// not given. The cluster's own parts talk to each other in one namespace, DNS first: a denial that comes before its exceptions
/// stops all there.
fn deny_incoming(mut finding: Finding, namespace: &str, beside: Option<&[&NetworkPolicy]>) -> Finding {
    if namespace == "kube-system" {
        finding.severity = Severity::Low;
        return finding;
    }
    let spec = json!({ "podSelector": {}, "policyTypes": ["Ingress"] });
    let patch = beside.map(|policies| create(namespace, "default-deny-ingress", policies, &spec));
    finding.patch(format!("Deny incoming connections in {namespace} by default"), patch)
}

/// A policy that isolates all pods for egress and lets them reach the cluster's DNS, which is in `kube-system`: without names
/// nothing works.
fn only_dns() -> Value {
    json!({
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [{
            "to": [{ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "kube-system" } } }],
            "ports": [{ "protocol": "UDP", "port": 53 }, { "protocol": "TCP", "port": 53 }],
        }],
    })
}

/// Workloads that a finding shows; it counts them all.
const MAX_WITNESSES: usize = 5;

/// A finding that shows the first of some workloads, by their places in the model.
fn showing<'a>(finding: Finding, evaluated: &Evaluated, workloads: impl IntoIterator<Item = &'a usize>) -> Finding {
    let shown = workloads.into_iter().take(MAX_WITNESSES);
    let shown = shown.map(|place| &evaluated.model.workloads[*place]);
    shown.fold(finding, |finding, workload| {
        finding.witness_in(workload.clone(), "metadata.name", workload.name.as_str())
    })
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
