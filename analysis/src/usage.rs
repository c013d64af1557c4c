//! What containers really use: summed up when it is collected, and held against what they ask for and may take.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use shared::object::ObjectRef;
use shared::snapshots::Collected;
use shared::usage::{ContainerUsage as ShownContainer, ResourceUsage, Sampling, WorkloadUsage as Shown};

use crate::cluster::{self, Cluster, ContainerAt, ContainerList, Workload};
use crate::model::pod::{Pod, PodSpec};
use crate::model::pod_metrics::{ContainerMetrics, PodMetrics};
use crate::model::quantity::Time;
use crate::model::usage::{ContainerUsage, NodeUsage, Spread, Usage, WorkloadUsage};
use crate::model::{Kind, Snapshot};
use crate::resources::amount::{number, unit};
use crate::resources::{demand, given};
use crate::run::why;

/// The resources that are measured.
pub const MEASURED: [&str; 2] = ["cpu", "memory"];

/// Sums up the samples of a snapshot by workload, and takes them out: they differ at every snapshot, and as objects each would be
/// a change of the cluster. How reading them ended stays.
pub fn settle(snapshot: &mut Snapshot) {
    let outcome = snapshot.outcome(Kind::PodMetrics);
    if !matches!(outcome, Collected::Collected { .. }) {
        return;
    }
    snapshot.usage = Some(Arc::new(summed(snapshot)));
    snapshot.set(Kind::PodMetrics, outcome, Vec::new());
}

/// Samples of pods that are not there, and of containers that a pod does not have, count nowhere.
fn summed(snapshot: &Snapshot) -> Usage {
    let mut sum = Sum::default();
    let mut workloads: Vec<WorkloadUsage> = cluster::workloads(snapshot)
        .iter()
        .filter_map(|workload| sum.workload(snapshot, workload))
        .collect();
    workloads.sort_by(|a, b| a.key().cmp(&b.key()));
    let node = |(name, (cpu, memory)): (&str, (i64, i64))| NodeUsage {
        name: name.to_owned(),
        cpu,
        memory,
    };
    Usage {
        workloads,
        nodes: sum.nodes.into_iter().map(node).collect(),
        pods: sum.pods,
        left_out: sum.left_out,
        measured_at: sum.measured_at,
    }
}

/// What was summed up so far, but for the workloads.
#[derive(Default)]
struct Sum<'a> {
    nodes: BTreeMap<&'a str, (i64, i64)>,
    pods: u32,
    left_out: u32,
    measured_at: Option<Time>,
}

impl<'a> Sum<'a> {
    fn workload(&mut self, snapshot: &Snapshot, workload: &Workload<'a>) -> Option<WorkloadUsage> {
        let mut containers = BTreeMap::new();
        for pod in workload.pods.iter().copied() {
            let (Some(meta), Some(spec)) = (&pod.metadata, &pod.spec) else {
                continue;
            };
            if let Some(sample) = snapshot.find::<PodMetrics>(&meta.namespace, &meta.name) {
                self.pod(spec, (&meta.name, sample), &mut containers);
            }
        }
        let reference = workload.reference.clone();
        (!containers.is_empty()).then(|| WorkloadUsage {
            group: reference.group,
            kind: reference.kind,
            namespace: reference.namespace,
            name: reference.name,
            containers: containers.into_values().collect(),
        })
    }

    fn pod(
        &mut self,
        spec: &'a PodSpec,
        (pod, sample): (&str, &PodMetrics),
        into: &mut BTreeMap<&'a str, ContainerUsage>,
    ) {
        self.pods += 1;
        self.measured_at = later(self.measured_at, sample.timestamp);
        let named = sample
            .containers
            .iter()
            .map(|container| (container.name.as_str(), container));
        let mut measured: HashMap<&str, &ContainerMetrics> = named.collect();
        for at in cluster::containers(spec) {
            let name = at.container.name.as_str();
            let Some(measured) = measured.remove(name) else {
                continue;
            };
            match amounts(measured) {
                Some(used) => {
                    add(into.entry(name).or_default(), (pod, name), used, sample.timestamp);
                    self.on_node(&spec.node_name, used);
                }
                None => self.left_out += 1,
            }
        }
    }

    fn on_node(&mut self, name: &'a str, (cpu, memory): (i64, i64)) {
        let node = self.nodes.entry(name).or_default();
        *node = (node.0.saturating_add(cpu), node.1.saturating_add(memory));
    }
}

/// CPU and memory of a sample; none where one of them is missing, or can't be reckoned with.
fn amounts(measured: &ContainerMetrics) -> Option<(i64, i64)> {
    let of = |resource: &str| number(resource, measured.usage.get(resource)?).ok();
    Some((of("cpu")?, of("memory")?))
}

fn add(container: &mut ContainerUsage, (pod, name): (&str, &str), (cpu, memory): (i64, i64), at: Option<Time>) {
    if container.pods == 0 || memory > container.memory.most {
        container.measured_at = at;
        pod.clone_into(&mut container.pod);
    }
    name.clone_into(&mut container.name);
    container.pods += 1;
    container.cpu = joined(container.cpu, cpu);
    container.memory = joined(container.memory, memory);
}

fn joined(spread: Spread, used: i64) -> Spread {
    Spread {
        total: spread.total.saturating_add(used),
        most: spread.most.max(used),
    }
}

fn later(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    one.into_iter().chain(other).max_by_key(|time| time.seconds)
}

/// Whether use was measured, and else why not.
pub fn sampling(snapshot: &Snapshot) -> Sampling {
    match &snapshot.usage {
        Some(usage) => Sampling::Measured {
            at: usage.measured_at.and_then(|time| time.utc()),
            pods: usage.pods,
        },
        None => Sampling::Unknown {
            reason: why(&Kind::PodMetrics.info().resource(), &snapshot.outcome(Kind::PodMetrics)),
        },
    }
}

/// What the containers of a workload use, against what they ask for and may take; no containers where there is no such workload.
pub fn of_workload(cluster: &Cluster<'_>, object: &ObjectRef) -> Shown {
    let workload = cluster
        .workloads_in(&object.namespace)
        .find(|it| it.reference == *object);
    Shown {
        sampling: sampling(cluster.snapshot),
        containers: workload
            .map(|workload| containers(cluster, workload))
            .unwrap_or_default(),
    }
}

fn containers<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Vec<ShownContainer> {
    let usage = cluster.snapshot.usage.as_deref();
    let measured = usage.and_then(|usage| usage.of(&workload.reference));
    let mut seen = HashSet::new();
    lasting(workload)
        .filter(|at| seen.insert(at.container.name.as_str()))
        .map(|at| shown(cluster, workload, at, measured))
        .collect()
}

/// The containers that run as long as their pod does.
pub(crate) fn lasting<'a>(workload: &Workload<'a>) -> impl Iterator<Item = ContainerAt<'a>> {
    workload.containers().filter(|at| match at.list {
        ContainerList::Init => demand::is_sidecar(at.container),
        ContainerList::Regular => true,
        ContainerList::Ephemeral => false,
    })
}

fn shown<'a>(
    cluster: &Cluster<'a>,
    workload: &Workload<'a>,
    at: ContainerAt<'a>,
    measured: Option<&WorkloadUsage>,
) -> ShownContainer {
    let used = measured.and_then(|measured| measured.container(&at.container.name));
    let resource = |resource: &str| {
        let spread = used.and_then(|used| Some((used.spread(resource)?, used.pods)));
        ResourceUsage {
            resource: resource.to_owned(),
            unit: unit(resource),
            mean: spread.map(|(spread, pods)| spread.mean(pods)),
            most: spread.map(|(spread, _)| spread.most),
            request: given::request(cluster, workload, at, resource).amount(),
            limit: given::limit(cluster, workload, at, resource).amount(),
        }
    };
    ShownContainer {
        container: at.container.name.clone(),
        pods: used.map_or(0, |used| used.pods),
        resources: MEASURED.map(resource).into(),
    }
}

/// How much of a resource the pods of a namespace used; none where that was not measured.
pub(crate) fn of_namespace(cluster: &Cluster<'_>, namespace: &str, resource: &str) -> Option<i64> {
    let usage = cluster.snapshot.usage.as_deref()?;
    let workloads = cluster.workloads_in(namespace).filter_map(|it| usage.of(&it.reference));
    let mut used = None;
    for container in workloads.flat_map(|workload| &workload.containers) {
        let sum: &mut i64 = used.get_or_insert_default();
        *sum = sum.saturating_add(container.spread(resource)?.total);
    }
    used
}

/// How much of a resource the pods of a node used; none where that was not measured.
pub(crate) fn of_node(cluster: &Cluster<'_>, node: &str, resource: &str) -> Option<i64> {
    let used = cluster.snapshot.usage.as_deref()?.of_node(node)?;
    match resource {
        "cpu" => Some(used.cpu),
        "memory" => Some(used.memory),
        _ => None,
    }
}

/// Whether a pod of a workload runs, so that it could have been measured.
pub(crate) fn runs(workload: &Workload<'_>) -> bool {
    let is_running = |pod: &&Pod| pod.status.as_ref().is_some_and(|status| status.phase == "Running");
    workload.pods.iter().any(is_running)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{measured, snapshot};

    const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: web, resources: {requests: {memory: 1Gi}, limits: {memory: 2Gi}}}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: web-1
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]
spec: {replicas: 2}
---
";

    fn pod(name: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: shop
  ownerReferences: [{{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}}]
spec: {{nodeName: n1, containers: [{{name: web}}]}}
status: {{phase: Running}}
---
"
        )
    }

    fn sample(pod: &str, at: &str, containers: &str) -> String {
        format!(
            "
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {{name: {pod}, namespace: shop}}
timestamp: '2026-11-29T10:00:{at}Z'
window: 15.2s
containers: [{containers}]
---
"
        )
    }

    fn used(cpu: &str, memory: &str) -> String {
        format!("{{name: web, usage: {{cpu: '{cpu}', memory: '{memory}'}}}}")
    }

    fn two_pods() -> Snapshot {
        let samples = sample("a", "10", &used("1500001n", "300Mi")) + &sample("b", "20", &used("4m", "100Mi"));
        measured(&(WEB.to_owned() + &pod("a") + &pod("b") + &samples))
    }

    #[test]
    fn samples_are_summed_up_by_workload_and_are_no_objects() {
        let snapshot = two_pods();
        let usage = snapshot.usage.as_deref().unwrap();
        let [web] = usage.workloads.as_slice() else {
            panic!("{usage:?}")
        };
        assert_eq!(web.key(), ("apps", "Deployment", "shop", "web"));
        let container = web.container("web").unwrap();
        assert_eq!((container.pods, container.cpu), (2, Spread { total: 6, most: 4 }));
        assert_eq!(
            container.memory,
            Spread {
                total: 400 << 20,
                most: 300 << 20
            }
        );
        assert_eq!(
            (container.pod.as_str(), container.measured_at.unwrap().seconds % 60),
            ("a", 10)
        );
        assert_eq!((usage.pods, usage.measured_at.unwrap().seconds % 60), (2, 20));
        assert_eq!(usage.of_node("n1").unwrap().memory, 400 << 20);
        assert!(snapshot.of(Kind::PodMetrics).is_empty());
        assert_eq!(snapshot.outcome(Kind::PodMetrics).count(), Some(2));
    }

    #[test]
    fn what_is_stored_is_read_as_it_was() {
        let usage = two_pods().usage.unwrap();
        assert_eq!(Usage::from_protobuf(&usage.to_protobuf()).unwrap(), *usage);
    }

    #[test]
    fn samples_of_what_is_not_there_count_nowhere() {
        let twice = used("4m", "100Mi") + ", {name: ghost, usage: {cpu: 1, memory: 1Gi}}";
        let samples = sample("a", "10", &twice) + &sample("gone", "20", &used("4m", "100Mi"));
        let snapshot = measured(&(WEB.to_owned() + &pod("a") + &samples));
        let usage = snapshot.usage.as_deref().unwrap();
        assert_eq!((usage.pods, usage.workloads[0].containers.len()), (1, 1));
    }

    #[test]
    fn absurd_amounts_are_left_out_and_counted() {
        for (cpu, memory) in [("-1", "1Gi"), ("1", "1e99"), ("x", "1Gi"), ("9999999999", "1Gi")] {
            let samples = sample("a", "10", &used(cpu, memory));
            let snapshot = measured(&(WEB.to_owned() + &pod("a") + &samples));
            let usage = snapshot.usage.as_deref().unwrap();
            assert_eq!((usage.left_out, usage.workloads.len()), (1, 0), "{cpu} {memory}");
        }
    }

    #[test]
    fn use_stands_beside_what_is_asked_for_and_may_be_taken() {
        let snapshot = two_pods();
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let shown = of_workload(&cluster, &cluster.workloads[0].reference);
        assert!(matches!(shown.sampling, Sampling::Measured { pods: 2, at: Some(_) }));
        let memory = &shown.containers[0].resources[1];
        assert_eq!((memory.mean, memory.most), (Some(200 << 20), Some(300 << 20)));
        assert_eq!((memory.request, memory.limit), (Some(1 << 30), Some(2 << 30)));
        assert_eq!(of_namespace(&cluster, "shop", "memory"), Some(400 << 20));
        assert_eq!(of_namespace(&cluster, "other", "memory"), None);
    }

    #[test]
    fn where_metrics_are_not_served_that_is_the_reason() {
        let mut snapshot = snapshot(WEB);
        snapshot.set(Kind::PodMetrics, Collected::Absent, Vec::new());
        settle(&mut snapshot);
        let Sampling::Unknown { reason } = sampling(&snapshot) else {
            panic!("{snapshot:?}")
        };
        assert_eq!(reason, "The cluster does not serve pods.metrics.k8s.io.");
    }
}
