//! Containers that pods have and the template that they are made of does not: debuggers, and what webhooks put in.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use sha2::{Digest, Sha256};

use super::{ContainerAt, containers};
use crate::model::Snapshot;
use crate::model::container::Container;
use crate::model::pod::{Pod, PodSpec};
use crate::model::volume::Volume;
use crate::model::workload::pod_spec;

/// Where the API server has the token of a pod mounted: from a volume whose name differs from pod to pod.
const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// The containers of `pods` whose names stand neither in the `template` nor in that of the pod's own controller, which
/// during a roll-out is an older one. Of containers of several pods that are the same, the first stands for all.
pub(super) fn added<'a>(snapshot: &'a Snapshot, template: &PodSpec, pods: &[&'a Pod]) -> Vec<ContainerAt<'a>> {
    let names: BTreeSet<&str> = names(template).collect();
    let mut seen = BTreeSet::new();
    let mut added = Vec::new();
    for pod in pods {
        let Some(spec) = pod.spec.as_ref() else { continue };
        let mut others = containers(spec)
            .filter(|at| !names.contains(at.container.name.as_str()))
            .peekable();
        if others.peek().is_none() {
            continue;
        }
        let (of_controller, volumes) = (names_in_controller(snapshot, pod), volumes(spec));
        let others = others.filter(|at| !of_controller.contains(at.container.name.as_str()));
        let unseen = others.filter(|at| seen.insert(definition(at.container, &volumes)));
        added.extend(unseen.map(|at| ContainerAt { pod: Some(pod), ..at }));
    }
    added.sort_by_key(|at| at.container.name.as_str());
    added
}

fn names(spec: &PodSpec) -> impl Iterator<Item = &str> {
    containers(spec).map(|at| at.container.name.as_str())
}

/// The names of the containers in the template of the pod's own controller, where that was read.
fn names_in_controller<'a>(snapshot: &'a Snapshot, pod: &Pod) -> BTreeSet<&'a str> {
    let controller = pod.metadata.as_ref().and_then(super::workloads::controller);
    let read = controller.and_then(|controller| snapshot.resolve(&controller));
    let spec = read.and_then(|object| pod_spec(object));
    spec.into_iter().flat_map(names).collect()
}

fn volumes(spec: &PodSpec) -> BTreeMap<&str, &Volume> {
    spec.volumes
        .iter()
        .map(|volume| (volume.name.as_str(), volume))
        .collect()
}

/// What makes containers of two pods the same: all that is known of them and of the volumes that they mount, but for tokens.
fn definition(container: &Container, volumes: &BTreeMap<&str, &Volume>) -> [u8; 32] {
    let mut container = container.clone();
    container.volume_mounts.retain(|mount| mount.mount_path != TOKEN);
    let mounted: BTreeSet<&str> = container
        .volume_mounts
        .iter()
        .map(|mount| mount.name.as_str())
        .collect();
    let mounted = mounted.iter().filter_map(|name| volumes.get(*name));
    let mut hash = Sha256::new_with_prefix(container.encode_length_delimited_to_vec());
    mounted.for_each(|volume| hash.update(volume.encode_length_delimited_to_vec()));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use crate::cluster::workloads;
    use crate::fixture::snapshot;

    const SET: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-old, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {template: {spec: {containers: [{name: former, image: i}]}}}
---
";

    fn pod(name: &str, spec: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: web-old, controller: true}}]}}
spec: {{{spec}}}
---
"
        )
    }

    /// The containers that only pods have, as `pod container image`.
    fn added(pods: &[String]) -> Vec<String> {
        let snapshot = snapshot(&(SET.to_owned() + &pods.concat()));
        let workloads = workloads(&snapshot);
        let name = |pod: &crate::model::pod::Pod| pod.metadata.as_ref().unwrap().name.clone();
        let all = workloads[0].containers().filter_map(|at| Some((at.pod?, at.container)));
        all.map(|(pod, container)| format!("{} {} {}", name(pod), container.name, container.image))
            .collect()
    }

    #[test]
    fn sidecars_and_debuggers_are_seen_once_and_containers_of_either_template_are_not() {
        let token = |number: usize| {
            format!(
                "volumeMounts: [{{name: token-{number}, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}}]"
            )
        };
        let sidecar = |number: usize| {
            format!(
                "containers: [{{name: c}}, {{name: former}}, {{name: proxy, image: p, {}}}]",
                token(number)
            )
        };
        let debugged = "containers: [{name: c}], ephemeralContainers: [{name: debugger, image: d}]";
        let pods = [pod("a", &sidecar(1)), pod("b", &sidecar(2)), pod("c", debugged)];
        assert_eq!(added(&pods), ["c debugger d", "a proxy p"]);
    }

    #[test]
    fn sidecars_that_differ_are_both_seen() {
        let sidecar = |path: &str| {
            format!(
                "containers: [{{name: proxy, volumeMounts: [{{name: v, mountPath: /v}}]}}], volumes: [{{name: v, hostPath: {{path: {path}}}}}]"
            )
        };
        let pods = [pod("a", &sidecar("/a")), pod("b", &sidecar("/b"))];
        assert_eq!(added(&pods), ["a proxy ", "b proxy "]);
    }
}
