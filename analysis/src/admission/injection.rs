//! Sidecars that are put into pods on their way in, and the pods that lack them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::admission::{Injection, MissingSidecar};
use shared::object::ObjectRef;

use super::filter::{Filter, Newcomer};
use super::known::Webhooks;
use super::{mesh, rules};
use crate::cluster::{Cluster, ContainerList, Workload};
use crate::model::Kind;
use crate::model::meta::{LabelSelector, ObjectMeta};
use crate::model::namespace::Namespace;
use crate::model::pod::{Pod, PodSpec};
use crate::webhook::Webhook;
use shared::admission::Sight;

/// A sidecar that a workload's pods should have.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Who puts it in: `Istio`.
    pub injector: String,
    /// Its container: any of these names.
    pub containers: Vec<String>,
    /// What asks for it: the object, the field and its value.
    pub asked_by: (ObjectRef, String, Value),
}

impl Expected {
    /// The name by which its container is told.
    pub fn container(&self) -> &str {
        self.containers.first().map_or("", String::as_str)
    }

    /// The pods that lack it.
    pub fn lacking<'a>(&self, workload: &Workload<'a>) -> Vec<&'a Pod> {
        let has = |spec: &PodSpec| {
            let mut names = spec
                .containers
                .iter()
                .chain(&spec.init_containers)
                .map(|container| &container.name);
            names.any(|name| self.containers.contains(name))
        };
        let lacks = |pod: &&&Pod| pod.spec.as_ref().is_some_and(|spec| !has(spec));
        workload.pods.iter().filter(lacks).copied().collect()
    }
}

/// The workloads of a namespace that run pods, each with the sidecars that these should have.
pub fn expected<'b, 'a>(
    cluster: &'b Cluster<'a>,
    webhooks: &Webhooks<'_>,
    namespace: &Namespace,
) -> Vec<(&'b Workload<'a>, Vec<Expected>)> {
    let Some(meta) = &namespace.metadata else {
        return Vec::new();
    };
    let others = by_other_webhooks(cluster, webhooks, meta);
    let workloads = cluster
        .workloads_in(&meta.name)
        .filter(|workload| can_have_sidecars(workload));
    let of = |workload: &'b Workload<'a>| {
        let mut found = mesh::expected(meta, workload);
        found.extend(
            others
                .iter()
                .filter(|other| other.takes(cluster, workload))
                .map(|other| other.expected.clone()),
        );
        (workload, found)
    };
    workloads.map(of).collect()
}

/// Pods on the network of their node, on Windows and of no API server are given none.
fn can_have_sidecars(workload: &Workload<'_>) -> bool {
    let is_windows = workload.spec.os.as_ref().is_some_and(|os| os.name == "windows");
    !workload.pods.is_empty() && !workload.spec.host_network && !is_windows && !workload.is_static_pod()
}

/// A sidecar of a webhook that says that it injects one. Which it is shows in the pods that have it.
struct Other<'a> {
    filter: Filter<'a>,
    expected: Expected,
}

impl Other<'_> {
    fn takes(&self, cluster: &Cluster<'_>, workload: &Workload<'_>) -> bool {
        let newcomer = Newcomer {
            namespace: &workload.reference.namespace,
            labels: &workload.pod_meta.labels,
        };
        self.filter.sight(cluster.snapshot, newcomer) == Sight::Yes
    }
}

/// Those that the namespace was chosen for by its labels: where a webhook is shown every namespace, it is the pods that ask.
fn by_other_webhooks<'a>(cluster: &Cluster<'_>, webhooks: &Webhooks<'a>, meta: &ObjectMeta) -> Vec<Other<'a>> {
    let is_injector = |webhook: &Webhook<'_>| {
        let service = webhook.service.map_or("", |service| service.name.as_str());
        let says_so = [webhook.name, service].iter().any(|name| name.contains("inject"));
        let is_mesh = mesh::NAMES
            .iter()
            .any(|mesh| webhook.name.contains(mesh) || service.contains(mesh));
        let is_opted_into = webhook.namespaces.is_some_and(chooses);
        !webhook.is_validating && says_so && !is_mesh && is_opted_into && rules::take_in_new_pods(webhook.rules)
    };
    let selects = |webhook: &Webhook<'a>| {
        Filter::of_webhook(webhook).selects_namespace(cluster.snapshot, &meta.name) == Some(true)
    };
    let found = webhooks
        .iter()
        .filter(|(_, webhook)| is_injector(webhook) && selects(webhook));
    let added = added(cluster, &meta.name);
    found
        .flat_map(|(object, webhook)| {
            let path = format!("webhooks[{}].namespaceSelector", webhook.name);
            let other = move |container: &String| Other {
                filter: Filter::of_webhook(webhook),
                expected: Expected {
                    injector: webhook.name.to_owned(),
                    containers: vec![container.clone()],
                    asked_by: (object.reference(), path.clone(), json!(webhook.namespaces)),
                },
            };
            added.iter().map(other).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether a selector asks for a label, rather than leaving some out.
fn chooses(selector: &LabelSelector) -> bool {
    let asks = |operator: &str| matches!(operator, "In" | "Exists");
    !selector.match_labels.is_empty()
        || selector
            .match_expressions
            .iter()
            .any(|requirement| asks(&requirement.operator))
}

/// The containers that pods of a namespace have and no template does, but for debuggers and those of a mesh.
fn added(cluster: &Cluster<'_>, namespace: &str) -> Vec<String> {
    let containers = cluster.workloads_in(namespace).flat_map(Workload::containers);
    let added = containers.filter(|at| at.pod.is_some() && at.list != ContainerList::Ephemeral);
    let mut names: Vec<String> = added
        .map(|at| at.container.name.clone())
        .filter(|name| !mesh::is_sidecar(name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Where sidecars are put in, by namespace and injector, with the workloads that lack them.
pub fn injections(cluster: &Cluster<'_>, webhooks: &Webhooks<'_>) -> Vec<Injection> {
    cluster
        .snapshot
        .all::<Namespace>()
        .flat_map(|namespace| injections_in(cluster, webhooks, namespace))
        .collect()
}

fn injections_in(cluster: &Cluster<'_>, webhooks: &Webhooks<'_>, namespace: &Namespace) -> Vec<Injection> {
    let name = namespace.metadata.as_ref().map_or("", |meta| meta.name.as_str());
    let mut rows: BTreeMap<(String, String), Injection> = BTreeMap::new();
    for (workload, sidecars) in expected(cluster, webhooks, namespace) {
        for sidecar in sidecars {
            let key = (sidecar.injector.clone(), sidecar.container().to_owned());
            let row = rows.entry(key).or_insert_with_key(|(injector, container)| Injection {
                namespace: name.to_owned(),
                injector: injector.clone(),
                container: container.clone(),
                workloads: 0,
                missing: Vec::new(),
            });
            row.workloads += 1;
            row.missing.extend(missing(workload, &sidecar));
        }
    }
    rows.into_values().collect()
}

fn missing(workload: &Workload<'_>, sidecar: &Expected) -> Option<MissingSidecar> {
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let lacking = sidecar.lacking(workload).len();
    (lacking > 0).then(|| MissingSidecar {
        workload: workload.reference.clone(),
        pods: count(lacking),
        of: count(workload.pods.len()),
    })
}

/// What asks for a sidecar on a namespace.
pub(super) fn on_namespace(meta: &ObjectMeta, path: String, value: &str) -> (ObjectRef, String, Value) {
    (Kind::Namespace.reference(meta), path, json!(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn missing_in(manifests: &str) -> Vec<String> {
        let snapshot = snapshot(manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let found = injections(&cluster, &Webhooks::new(&cluster));
        let told = |row: Injection| {
            let missing: Vec<String> = row
                .missing
                .iter()
                .map(|missing| format!("{} {}/{}", missing.workload.name, missing.pods, missing.of))
                .collect();
            format!(
                "{} {} of {}: {}",
                row.injector,
                row.container,
                row.workloads,
                missing.join(", ")
            )
        };
        found.into_iter().map(told).collect()
    }

    fn pod(name: &str, meta: &str, containers: &str) -> String {
        format!(
            "---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop{meta}}}
spec: {containers}
"
        )
    }

    fn namespace(meta: &str) -> String {
        format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop{meta}}}\n")
    }

    const PLAIN: &str = "{containers: [{name: c}]}";

    #[test]
    fn pods_of_a_namespace_that_istio_injects_should_have_its_proxy() {
        let pods = pod("a", "", PLAIN)
            + &pod("b", "", "{containers: [{name: c}, {name: istio-proxy}]}")
            + &pod(
                "c",
                "",
                "{initContainers: [{name: istio-proxy, restartPolicy: Always}], containers: [{name: c}]}",
            )
            + &pod("d", "", "{hostNetwork: true, containers: [{name: c}]}")
            + &pod("e", ", labels: {sidecar.istio.io/inject: 'false'}", PLAIN);
        assert_eq!(
            missing_in(&(namespace(", labels: {istio-injection: enabled}") + &pods)),
            ["Istio istio-proxy of 3: a 1/1"]
        );
        assert_eq!(missing_in(&(namespace("") + &pods)), [""; 0]);
    }

    #[test]
    fn a_pod_may_ask_by_itself() {
        let pods = pod("a", ", annotations: {linkerd.io/inject: enabled}", PLAIN)
            + &pod("b", ", annotations: {dapr.io/enabled: 'true'}", PLAIN)
            + &pod(
                "c",
                ", annotations: {vault.hashicorp.com/agent-inject: 'true'}",
                "{initContainers: [{name: vault-agent-init}]}",
            );
        assert_eq!(
            missing_in(&(namespace("") + &pods)),
            [
                "Dapr daprd of 1: b 1/1",
                "Linkerd linkerd-proxy of 1: a 1/1",
                "Vault vault-agent of 1: "
            ]
        );
    }

    fn webhook(selector: &str) -> String {
        format!(
            "---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {{name: sensor}}
webhooks:
- name: sensor-injector.example
  namespaceSelector: {selector}
  rules: [{{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}}]
"
        )
    }

    const WORKLOADS: &str = "---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, controller: true}]}
spec: {containers: [{name: c}, {name: sensor}]}
";

    #[test]
    fn what_any_injector_puts_in_shows_in_the_pods_that_have_it() {
        let pods = WORKLOADS.to_owned() + &pod("late", "", PLAIN);
        let shop = namespace(", labels: {sensor: 'on'}");
        assert_eq!(
            missing_in(&(shop.clone() + &webhook("{matchLabels: {sensor: 'on'}}") + &pods)),
            ["sensor-injector.example sensor of 2: late 1/1"]
        );
        let leaves_out = "{matchExpressions: [{key: sensor, operator: NotIn, values: ['off']}]}";
        assert_eq!(missing_in(&(shop + &webhook(leaves_out) + &pods)), [""; 0]);
    }
}
