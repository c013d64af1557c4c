//! The security contexts that pods have and the template that they are made of does not: what admission puts in, such as the
//! security context constraints of OpenShift, and policies that change pods.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use shared::object::ObjectRef;

use super::{ContainerAt, containers};
use crate::model::Snapshot;
use crate::model::pod::{Pod, PodSpec};
use crate::model::workload::pod_spec;

/// The containers of a pod, by name.
pub(super) type Admitted<'a> = BTreeMap<&'a str, ContainerAt<'a>>;

/// The pods that are made of a template, and not of an older one, as far as their own controller tells: a `ReplicaSet` or a Job
/// keeps the template of its pods. Those of a `DaemonSet` or a `StatefulSet` count, whenever they were made.
pub(super) fn of_template<'a>(snapshot: &Snapshot, template: &PodSpec, pods: &[&'a Pod]) -> Vec<&'a Pod> {
    let is_template = |controller: &ObjectRef| {
        let read = snapshot.resolve(controller).and_then(|object| pod_spec(object));
        read.is_none_or(|spec| std::ptr::eq(spec, template) || spec == template)
    };
    // Controllers of one workload's pods are of one kind and namespace.
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    let mut current = Vec::with_capacity(pods.len());
    for pod in pods.iter().copied() {
        let owned = pod.metadata.as_ref().and_then(|meta| Some((meta, meta.controller()?)));
        let is_current = owned.is_none_or(|(meta, owner)| {
            let compare = || super::workloads::controller(meta).is_none_or(|controller| is_template(&controller));
            *known.entry(&owner.name).or_insert_with(compare)
        });
        current.extend(is_current.then_some(pod));
    }
    current
}

/// The containers of the template as the pods that are made of it have them, once for each way in which their security contexts
/// differ. None at all where a pod has just what the template says: then nothing holds for all of them beyond it.
pub(super) fn admitted<'a>(snapshot: &Snapshot, template: &PodSpec, pods: &[&'a Pod]) -> Vec<Admitted<'a>> {
    let names: BTreeSet<&str> = containers(template).map(|at| at.container.name.as_str()).collect();
    let written = contexts(template, &names);
    let specs = |pods: &[&'a Pod]| -> Vec<(&'a Pod, &'a PodSpec)> {
        pods.iter().filter_map(|pod| Some((*pod, pod.spec.as_ref()?))).collect()
    };
    // Most pods are as their template says, and then it need not be known whether that is an older one.
    if specs(pods).iter().all(|(_, spec)| contexts(spec, &names) == written) {
        return Vec::new();
    }
    let (mut seen, mut admitted) = (BTreeSet::new(), Vec::new());
    for (pod, spec) in specs(&of_template(snapshot, template, pods)) {
        let contexts = contexts(spec, &names);
        if contexts == written {
            return Vec::new();
        }
        if seen.insert(contexts) {
            let known = containers(spec).filter(|at| names.contains(at.container.name.as_str()));
            let known = known.map(|at| (at.container.name.as_str(), ContainerAt { pod: Some(pod), ..at }));
            admitted.push(known.collect());
        }
    }
    admitted
}

/// What the security contexts of two pods have in common where they are the same: that of the pod, and those of the containers
/// of these names, as protobuf. One that says nothing is as good as none.
fn contexts(spec: &PodSpec, names: &BTreeSet<&str>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    add(&mut bytes, spec.security_context.as_deref());
    for at in containers(spec).filter(|at| names.contains(at.container.name.as_str())) {
        add(&mut bytes, Some(&at.container.name));
        add(&mut bytes, at.container.security_context.as_deref());
    }
    bytes
}

/// Adds a message after its length, of which there is always room for more.
fn add<M: Message>(bytes: &mut Vec<u8>, message: Option<&M>) {
    match message {
        Some(message) => _ = message.encode_length_delimited(bytes),
        None => bytes.push(0),
    }
}

#[cfg(test)]
mod tests {
    use crate::cluster::workloads;
    use crate::fixture::snapshot;

    const SETS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: new}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-new, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {template: {spec: {containers: [{name: c, image: new}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-old, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {template: {spec: {containers: [{name: c, image: old}]}}}
---
";

    fn pod(name: &str, set: &str, context: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: web-{set}, controller: true}}]}}
spec: {{containers: [{{name: c, securityContext: {{{context}}}}}, {{name: sidecar}}]}}
---
"
        )
    }

    /// The users of container `c` in the pods of the current template, once for each way.
    fn users(pods: &[String]) -> Vec<Option<i64>> {
        let snapshot = snapshot(&(SETS.to_owned() + &pods.concat()));
        let workloads = workloads(&snapshot);
        let workload = &workloads[0];
        let at = workload.containers().next().unwrap();
        let admitted = workload.as_admitted(at).flatten();
        admitted
            .map(|at| at.container.security_context.as_ref()?.run_as_user)
            .collect()
    }

    #[test]
    fn pods_of_the_template_tell_and_those_of_an_older_one_do_not() {
        let pods = |old: &str| {
            [
                pod("a", "new", "runAsUser: 7"),
                pod("b", "new", "runAsUser: 7"),
                pod("c", "old", old),
            ]
        };
        assert_eq!(users(&pods("runAsUser: 8")), [Some(7)]);
        assert_eq!(users(&pods("")), [Some(7)]);
        assert_eq!(users(&[pod("c", "old", "runAsUser: 8")]), []);
    }

    #[test]
    fn each_way_is_told_once_and_none_where_a_pod_is_as_the_template_says() {
        let (seven, eight) = (pod("a", "new", "runAsUser: 7"), pod("b", "new", "runAsUser: 8"));
        assert_eq!(users(&[seven.clone(), eight]), [Some(7), Some(8)]);
        assert_eq!(users(&[seven, pod("c", "new", "")]), []);
    }
}
