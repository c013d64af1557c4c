//! The security contexts that pods have and the template that they are made of does not: what admission puts in, such as the
//! security context constraints of OpenShift, and policies that change pods.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use shared::object::ObjectRef;

use super::{ContainerAt, containers};
use crate::model::Snapshot;
use crate::model::pod::{Pod, PodSpec};
use crate::model::security_context::SecurityContext;
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
    // Mostly it need not be known which pods are of an older template.
    let mut specs = pods.iter().filter_map(|pod| pod.spec.as_ref());
    if specs.all(|spec| is_same(spec, template, &names)) {
        return Vec::new();
    }
    let (mut seen, mut admitted) = (BTreeSet::new(), Vec::new());
    for pod in of_template(snapshot, template, pods) {
        let Some(spec) = pod.spec.as_ref() else { continue };
        if is_same(spec, template, &names) {
            return Vec::new();
        }
        if seen.insert(contexts(spec, &names)) {
            let known = containers(spec).filter(|at| names.contains(at.container.name.as_str()));
            let known = known.map(|at| (at.container.name.as_str(), ContainerAt { pod: Some(pod), ..at }));
            admitted.push(known.collect());
        }
    }
    admitted
}

/// Whether a pod has the containers of its template, in the same order, and all their security contexts.
pub(super) fn is_as_written(spec: &PodSpec, template: &PodSpec) -> bool {
    said(spec.security_context.as_deref()) == said(template.security_context.as_deref())
        && confined(spec).eq(confined(template))
}

/// Whether the security contexts of a pod and of its containers of these names are those of its template.
fn is_same(spec: &PodSpec, template: &PodSpec, names: &BTreeSet<&str>) -> bool {
    said(spec.security_context.as_deref()) == said(template.security_context.as_deref())
        && named(spec, names).eq(named(template, names))
}

/// Containers by name, each with its security context.
fn confined(spec: &PodSpec) -> impl Iterator<Item = (&str, Option<&SecurityContext>)> {
    containers(spec).map(|at| {
        let context = at.container.security_context.as_deref();
        (at.container.name.as_str(), said(context))
    })
}

/// Those of these names.
fn named<'a>(
    spec: &'a PodSpec,
    names: &BTreeSet<&str>,
) -> impl Iterator<Item = (&'a str, Option<&'a SecurityContext>)> {
    confined(spec).filter(|(name, _)| names.contains(name))
}

/// A context that says nothing is as good as none.
fn said<M: Default + PartialEq>(context: Option<&M>) -> Option<&M> {
    context.filter(|context| **context != M::default())
}

/// Security contexts by what tells them apart, as protobuf.
fn contexts(spec: &PodSpec, names: &BTreeSet<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    add(&mut bytes, spec.security_context.as_deref());
    for (name, context) in named(spec, names) {
        add(&mut bytes, Some(&name.to_owned()));
        add(&mut bytes, context);
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
