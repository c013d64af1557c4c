//! What runs: each workload counted once, by its topmost owner.

use std::collections::HashMap;

use shared::object::ObjectRef;

use super::Workload;
use super::added::added;
use super::admitted::{admitted, is_as_written};
use crate::images::Images;
use crate::model::meta::{ObjectMeta, OwnerReference};
use crate::model::workload::{pod_meta, pod_spec, pod_spec_path, replicas};
use crate::model::{Kind, Object, Snapshot};

/// Kinds that run pods, topmost first.
const OWNERS: &[Kind] = &[
    Kind::CronJob,
    Kind::DaemonSet,
    Kind::Deployment,
    Kind::Job,
    Kind::ReplicaSet,
    Kind::ReplicationController,
    Kind::StatefulSet,
];

/// The controller of an object that is made from a template of its controller. Others are what a person edits even where an
/// operator controls them: its resource may make several, and does not show what they run. So is a static pod, whose
/// controller is its node.
fn maker(object: &Object) -> Option<&OwnerReference> {
    let owner = object.meta().controller()?;
    let is_made = match object.kind() {
        Kind::Pod => owner.kind != "Node",
        Kind::ReplicaSet | Kind::Job => true,
        // OpenShift makes one for each roll-out.
        Kind::ReplicationController => owner.kind == "DeploymentConfig",
        _ => false,
    };
    is_made.then_some(owner)
}

/// The controller that metadata names.
pub(super) fn controller(meta: &ObjectMeta) -> Option<ObjectRef> {
    let owner = meta.controller()?;
    let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
    Some(ObjectRef {
        group: group.into(),
        kind: owner.kind.clone(),
        namespace: meta.namespace.clone(),
        name: owner.name.clone(),
    })
}

/// The topmost owner of an object: as far up as the snapshot knows, and one step further where a maker is named that was
/// not read; and whether its own maker was read.
fn topmost(snapshot: &Snapshot, object: &Object) -> (ObjectRef, bool) {
    let mut current = object.reference();
    let mut made = Some(object);
    let mut is_maker_read = None;
    // Owners form a chain of three at most (CronJob, Job, Pod); a longer one is a cycle or a trick.
    for _ in 0..4 {
        let maker = made.filter(|made| maker(made).is_some());
        let Some(maker) = maker.and_then(|made| controller(made.meta())) else {
            break;
        };
        let read = snapshot.resolve(&maker).map(AsRef::as_ref);
        let former = made
            .filter(|_| read.is_none())
            .and_then(|pod| former_deployment(snapshot, pod, &maker));
        current = former.unwrap_or(maker);
        is_maker_read.get_or_insert(read.is_some());
        made = read;
    }
    (current, is_maker_read.unwrap_or_default())
}

/// The Deployment that made a ReplicaSet which was left out, having no replicas: its last pods are about to end.
fn former_deployment(snapshot: &Snapshot, pod: &Object, set: &ObjectRef) -> Option<ObjectRef> {
    let hash = pod.meta().labels.get("pod-template-hash")?;
    let name = set.name.strip_suffix(hash.as_str())?.strip_suffix('-')?;
    let is_set = Kind::of_group_kind(&set.group, &set.kind) == Some(Kind::ReplicaSet);
    let deployment = snapshot
        .get(Kind::Deployment, &set.namespace, name)
        .filter(|_| is_set)?;
    Some(deployment.reference())
}

/// What runs, each counted once by its topmost owner, sorted by kind, namespace and name.
pub fn workloads(snapshot: &Snapshot) -> Vec<Workload<'_>> {
    let mut found = Found::default();
    for kind in OWNERS {
        for object in snapshot.of(*kind).iter().filter(|object| maker(object).is_none()) {
            found.place(object.reference(), object);
        }
    }
    for kind in [Kind::ReplicaSet, Kind::Job, Kind::Pod] {
        for object in snapshot.of(kind) {
            found.add_owned(snapshot, object);
        }
    }
    for workload in &mut found.workloads {
        workload.images = Images::of(&workload.pods);
        let mut specs = workload.pods.iter().filter_map(|pod| pod.spec.as_ref());
        // Most pods have just the containers of their template, confined as it says.
        if specs.all(|spec| is_as_written(spec, workload.spec)) {
            continue;
        }
        workload.added = added(snapshot, workload.spec, &workload.pods);
        workload.admitted = admitted(snapshot, workload.spec, &workload.pods);
    }
    found
        .workloads
        .sort_by(|one, other| one.reference.cmp(&other.reference));
    found.workloads
}

/// The workloads that were found so far.
#[derive(Default)]
struct Found<'a> {
    workloads: Vec<Workload<'a>>,
    places: HashMap<ObjectRef, usize>,
    /// Those of what makes pods and was read, by name, namespace, kind and version: each makes several.
    of_makers: HashMap<[&'a str; 4], usize>,
}

impl<'a> Found<'a> {
    /// Adds a pod to its workload, and a workload for an owner that was not read.
    fn add_owned(&mut self, snapshot: &'a Snapshot, object: &'a Object) {
        let key = maker(object).map(|owner| [&owner.name, &object.meta().namespace, &owner.kind, &owner.api_version]);
        let key = key.map(|names| names.map(String::as_str));
        let known = key.and_then(|key| self.of_makers.get(&key).copied());
        let place = known.or_else(|| {
            let (owner, is_maker_read) = topmost(snapshot, object);
            let place = self.place(owner, object)?;
            self.of_makers
                .extend(key.filter(|_| is_maker_read).map(|key| (key, place)));
            Some(place)
        });
        if let (Object::Pod(pod), Some(place)) = (object, place) {
            self.workloads[place].pods.push(pod);
        }
    }

    /// Where the workload of that reference is; it is made after `template` where there is none yet.
    fn place(&mut self, reference: ObjectRef, template: &'a Object) -> Option<usize> {
        if let Some(place) = self.places.get(&reference) {
            return Some(*place);
        }
        let own = (reference == template.reference()).then_some(template);
        let place = self.workloads.len();
        self.workloads.push(workload(reference.clone(), own, template)?);
        self.places.insert(reference, place);
        Some(place)
    }
}

fn workload<'a>(reference: ObjectRef, object: Option<&'a Object>, template: &'a Object) -> Option<Workload<'a>> {
    Some(Workload {
        reference,
        object,
        pod_meta: pod_meta(template).unwrap_or_else(|| template.meta()),
        spec: pod_spec(template)?,
        path: pod_spec_path(template.kind()),
        replicas: object.and_then(replicas),
        pods: Vec::new(),
        images: Images::default(),
        added: Vec::new(),
        admitted: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    const PODS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 2, template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {replicas: 2, template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: canary-a, namespace: shop, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: canary, controller: true}]}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: etcd-node-1, namespace: kube-system, ownerReferences: [{apiVersion: v1, kind: Node, name: node-1, controller: true}]}
spec: {containers: [{name: etcd, image: i}]}
";

    /// The workloads, each with the number of its pods.
    fn counted(manifests: &str) -> Vec<String> {
        workloads(&snapshot(manifests))
            .iter()
            .map(|workload| format!("{} {}", workload.reference, workload.pods.len()))
            .collect()
    }

    #[test]
    fn a_workload_is_counted_once_by_its_topmost_owner() {
        assert_eq!(
            counted(PODS),
            [
                "Pod kube-system/etcd-node-1 1",
                "Deployment shop/web 1",
                "Rollout shop/canary 1"
            ]
        );
    }

    #[test]
    fn the_last_pods_of_an_old_replica_set_belong_to_its_deployment() {
        let old = "
apiVersion: v1
kind: Pod
metadata:
  name: web-0ld-a
  namespace: shop
  labels: {pod-template-hash: 0ld}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-0ld, controller: true}]
spec: {containers: [{name: c, image: i}]}
";
        let manifests = format!("{PODS}\n---\n{old}");
        assert_eq!(
            counted(&manifests)[1..],
            ["Deployment shop/web 2", "Rollout shop/canary 1"]
        );
        let other = manifests.replace("name: web-0ld,", "name: api-0ld,");
        assert!(counted(&other).contains(&"ReplicaSet shop/api-0ld 1".to_owned()));
    }

    #[test]
    fn only_what_was_read_can_be_patched() {
        let patchable: Vec<bool> = workloads(&snapshot(PODS))
            .iter()
            .map(|workload| workload.patch_spec(serde_json::json!({})).is_some())
            .collect();
        assert_eq!(patchable, [false, true, false]);
    }

    /// An object with a pod template and a controller, as `group/version Kind name`.
    fn controlled(kind: &str, name: &str, owner: [&str; 3]) -> String {
        let [version, owner_kind, owner_name] = owner;
        let api = if kind == "CronJob" { "batch/v1" } else { "apps/v1" };
        let template = "template: {spec: {containers: [{name: c, image: i}]}}";
        let spec = match kind {
            "CronJob" => format!("{{jobTemplate: {{spec: {{{template}}}}}}}"),
            _ => format!("{{{template}}}"),
        };
        format!(
            "
apiVersion: {api}
kind: {kind}
metadata:
  name: {name}
  namespace: shop
  ownerReferences: [{{apiVersion: {version}, kind: {owner_kind}, name: {owner_name}, controller: true}}]
spec: {spec}
"
        )
    }

    #[test]
    fn what_an_operator_controls_is_told_apart_and_seen_without_pods() {
        const APP: [&str; 3] = ["example.com/v1", "App", "shop"];
        let manifests = [
            controlled("CronJob", "backup", APP),
            controlled("DaemonSet", "agent", APP),
            controlled("Deployment", "api", APP),
            controlled("Deployment", "web", APP),
            controlled("ReplicaSet", "api-1", ["apps/v1", "Deployment", "api"]),
            controlled("ReplicaSet", "web-1", ["apps/v1", "Deployment", "web"]),
            controlled("StatefulSet", "db", APP),
        ]
        .join("\n---\n");
        assert_eq!(
            counted(&manifests),
            [
                "DaemonSet shop/agent 0",
                "Deployment shop/api 0",
                "Deployment shop/web 0",
                "StatefulSet shop/db 0",
                "CronJob shop/backup 0",
            ]
        );
    }

    #[test]
    fn a_deployment_does_not_hide_behind_an_owner_that_was_read() {
        let manifests = [
            controlled("Deployment", "api", ["apps/v1", "Deployment", "web"]),
            controlled("Deployment", "web", ["v1", "Namespace", "shop"]),
        ]
        .join("\n---\n");
        assert_eq!(counted(&manifests), ["Deployment shop/api 0", "Deployment shop/web 0"]);
    }
}
