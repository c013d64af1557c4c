//! Policies as manifests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::network::propose::Clients;
use shared::object::ObjectRef;

use super::needs::Needs;
use crate::cluster::{Cluster, Workload};
use crate::model::meta::LabelSelector;
use crate::model::{Kind, Object};
use crate::network::change::GENERATED;
use crate::network::connections::Protocol;

/// How long a name may be.
const LONGEST: usize = 253;

/// Names that policies of a namespace have, so that no other policy is replaced.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    pub(super) fn of(cluster: &Cluster<'_>, namespace: &str) -> Self {
        let policies = cluster.policies_in(namespace).iter();
        Self(
            policies
                .filter_map(|policy| Some(policy.metadata.as_ref()?.name.clone()))
                .collect(),
        )
    }

    fn free(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("-{number}"));
        let names = std::iter::once(String::new()).chain(numbered).map(|end| {
            let room = LONGEST - end.len();
            // Names of objects are of ASCII.
            let start: String = wanted.chars().take(room).collect();
            format!("{}{end}", start.trim_end_matches(['-', '.']))
        });
        let mut names = names.filter(|name| !self.0.contains(name));
        let name = names.next().unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}

fn policy(names: &mut Names, namespace: &str, name: &str, spec: Value) -> Value {
    let info = Kind::NetworkPolicy.info();
    json!({
        "apiVersion": info.api_version(),
        "kind": info.kind,
        "metadata": {"name": names.free(name), "namespace": namespace},
        "spec": spec,
    })
}

/// Lets nothing in to any pod.
pub(super) fn deny_ingress(names: &mut Names, namespace: &str) -> Value {
    policy(
        names,
        namespace,
        "default-deny-ingress",
        json!({"podSelector": {}, "policyTypes": ["Ingress"]}),
    )
}

/// Lets nothing out of any pod but what the rules say.
pub(super) fn egress(names: &mut Names, namespace: &str, rules: &[Value]) -> Value {
    let spec = json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": rules});
    policy(names, namespace, "default-egress", spec)
}

/// Lets in to a workload what is needed of it, and nothing else.
pub(super) fn ingress(
    names: &mut Names,
    cluster: &Cluster<'_>,
    workload: &Workload<'_>,
    (place, needs): (usize, &Needs),
) -> Value {
    let own = needs.range((place, Protocol::Tcp, 0)..=(place, Protocol::Sctp, u16::MAX));
    let mut open: BTreeMap<&Clients, Vec<Value>> = BTreeMap::new();
    for ((_, protocol, port), clients) in own {
        for one in clients.keys() {
            let port = json!({"port": port, "protocol": protocol.name()});
            open.entry(one).or_default().push(port);
        }
    }
    let rules = open.into_iter().map(|(clients, ports)| match from(cluster, clients) {
        Some(from) => json!({"from": from, "ports": ports}),
        None => json!({"ports": ports}),
    });
    let spec = json!({
        "podSelector": selector(workload),
        "policyTypes": ["Ingress"],
        "ingress": rules.collect::<Vec<Value>>(),
    });
    let (name, namespace) = (&workload.reference.name, &workload.reference.namespace);
    policy(names, namespace, &format!("allow-to-{name}"), spec)
}

/// The peers of a rule; none for everyone.
fn from(cluster: &Cluster<'_>, clients: &Clients) -> Option<Vec<Value>> {
    match clients {
        Clients::Everyone => None,
        Clients::Cluster => Some(vec![json!({"namespaceSelector": {}})]),
        Clients::Namespace => Some(vec![json!({"podSelector": {}})]),
        Clients::Workloads { workloads } => {
            let peers = workloads.iter().filter_map(|reference| peer(cluster, reference));
            Some(peers.collect())
        }
    }
}

fn peer(cluster: &Cluster<'_>, reference: &ObjectRef) -> Option<Value> {
    let workload = cluster
        .workloads
        .iter()
        .find(|workload| workload.reference == *reference)?;
    let namespace = json!({"matchLabels": {"kubernetes.io/metadata.name": reference.namespace}});
    Some(json!({"namespaceSelector": namespace, "podSelector": selector(workload)}))
}

/// What selects the pods of a workload: its own selector, or where it has none that lasts, the labels that its pods were given.
pub(super) fn selector(workload: &Workload<'_>) -> Value {
    let own = workload.object.and_then(own_selector);
    if let Some(selector) = own.filter(|selector| !crate::selector::is_empty(selector)) {
        let mut written = json!({});
        if !selector.match_labels.is_empty() {
            written["matchLabels"] = json!(selector.match_labels);
        }
        if !selector.match_expressions.is_empty() {
            written["matchExpressions"] = json!(selector.match_expressions);
        }
        return written;
    }
    let labels = workload
        .pod_meta
        .labels
        .pairs()
        .filter(|(key, _)| !GENERATED.contains(&key.as_str()));
    let labels: BTreeMap<&String, &String> = labels.collect();
    match labels.is_empty() {
        true => json!({}),
        false => json!({"matchLabels": labels}),
    }
}

fn own_selector(object: &Object) -> Option<&LabelSelector> {
    match object {
        Object::Deployment(object) => object.spec.as_ref()?.selector.as_ref(),
        Object::StatefulSet(object) => object.spec.as_ref()?.selector.as_ref(),
        Object::DaemonSet(object) => object.spec.as_ref()?.selector.as_ref(),
        Object::ReplicaSet(object) => object.spec.as_ref()?.selector.as_ref(),
        _ => None,
    }
}
