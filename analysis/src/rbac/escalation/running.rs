//! What runs, under which service account, and whether it is held in.

use std::collections::HashMap;

use super::world::World;
use crate::cluster::{Workload, workloads};
use crate::host_path::{normalise, power};
use crate::model::pod::{Pod, PodSpec};
use crate::model::service_account::ServiceAccount;
use crate::model::{Kind, Snapshot};
use crate::pod_security;
use crate::rbac::access::Origin;

/// Pods of one workload.
#[derive(Debug)]
pub(super) struct Running {
    /// The subject whose token they hold; none where they hold none.
    pub(super) account: Option<u32>,
    /// Whether their containers are no bound: whoever is in one is root on its node.
    pub(super) breaks_out: bool,
    /// Their names, and the number of the node of each.
    pub(super) pods: Vec<(String, Option<u32>)>,
}

/// Kinds whose template can be changed, by resource. That of a job can't.
const CHANGEABLE: [(Kind, &str); 6] = [
    (Kind::CronJob, "cronjobs"),
    (Kind::DaemonSet, "daemonsets"),
    (Kind::Deployment, "deployments"),
    (Kind::ReplicaSet, "replicasets"),
    (Kind::ReplicationController, "replicationcontrollers"),
    (Kind::StatefulSet, "statefulsets"),
];

/// Adds all that runs. Manifests show no pods of a workload, and what they hold is taken for running.
pub(super) fn add(world: &mut World, snapshot: &Snapshot, origin: Origin) {
    for (kind, resource) in CHANGEABLE {
        for object in snapshot.of(kind) {
            let meta = object.meta();
            let place = world.place(&meta.namespace);
            let workloads = &mut world.places[place as usize].workloads;
            workloads.push((resource, meta.name.clone()));
        }
    }
    let nodes: HashMap<String, u32> = world.nodes.iter().cloned().zip(0..).collect();
    for workload in workloads(snapshot) {
        let pods: Vec<&Pod> = workload.pods.iter().copied().filter(|pod| is_running(pod)).collect();
        if origin == Origin::Live && pods.is_empty() {
            continue;
        }
        let running = running(world, snapshot, &workload, &pods, &nodes);
        let place = world.place(&workload.reference.namespace);
        world.places[place as usize].running.push(running);
    }
}

fn is_running(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().map_or("", |status| status.phase.as_str());
    !matches!(phase, "Succeeded" | "Failed")
}

fn running(
    world: &World,
    snapshot: &Snapshot,
    workload: &Workload<'_>,
    pods: &[&Pod],
    nodes: &HashMap<String, u32>,
) -> Running {
    let namespace = &workload.reference.namespace;
    let name = workload.service_account();
    let account = snapshot.find::<ServiceAccount>(namespace, name);
    let of_account = account.and_then(|account| account.automount_service_account_token);
    let is_mounted = workload
        .spec
        .automount_service_account_token
        .or(of_account)
        .unwrap_or(true);
    let has_token = !workload.is_static_pod() && (is_mounted || projects_token(workload.spec));
    let specs = pods.iter().filter_map(|pod| pod.spec.as_ref());
    Running {
        account: world.holder(namespace, name).filter(|_| has_token),
        breaks_out: specs.chain([workload.spec]).any(breaks_out),
        pods: pods.iter().filter_map(|pod| placed(pod, nodes)).collect(),
    }
}

fn placed(pod: &Pod, nodes: &HashMap<String, u32>) -> Option<(String, Option<u32>)> {
    let node = pod.spec.as_ref().and_then(|spec| nodes.get(&spec.node_name));
    let name = &pod.metadata.as_ref()?.name;
    Some((name.clone(), node.copied()))
}

fn projects_token(spec: &PodSpec) -> bool {
    let sources = spec.volumes.iter().filter_map(|volume| volume.volume_source.as_ref());
    let projected = sources.filter_map(|source| source.projected.as_ref());
    projected
        .flat_map(|projected| &projected.sources)
        .any(|source| source.service_account_token.is_some())
}

/// Whether whoever is in one of its containers is root on the node: it is privileged, a process of a Windows node, sees the
/// processes of the node with the rights to enter them, or may write what the node runs as root.
fn breaks_out(spec: &PodSpec) -> bool {
    let containers = || crate::cluster::containers(spec).map(|at| at.container);
    let contexts = || containers().filter_map(|container| container.security_context.as_deref());
    let added = || {
        contexts()
            .filter_map(|context| context.capabilities.as_ref())
            .flat_map(|added| &added.add)
    };
    let adds =
        |wanted: &[&str]| added().any(|name| wanted.contains(&name.trim_start_matches("CAP_").to_uppercase().as_str()));
    contexts().any(|context| context.privileged == Some(true))
        || pod_security::host_process(spec)
        || adds(&["ALL", "SYS_ADMIN", "SYS_MODULE", "DAC_READ_SEARCH"])
        || (spec.host_pid && adds(&["SYS_PTRACE"]))
        || containers().any(|container| {
            container.volume_mounts.iter().any(|mount| {
                let path = host_path(spec, &mount.name).map(|path| normalise(&format!("{path}/{}", mount.sub_path)));
                path.is_some_and(|path| gives_root(&path, mount.read_only))
            })
        })
}

fn host_path<'a>(spec: &'a PodSpec, volume: &str) -> Option<&'a str> {
    let volume = spec.volumes.iter().find(|other| other.name == volume)?;
    let source = volume.volume_source.as_ref()?;
    source.host_path.as_ref().map(|host| host.path.as_str())
}

fn gives_root(path: &str, read_only: bool) -> bool {
    let critical = Some(shared::verdict::Severity::Critical);
    power(path).is_some_and(|power| power.read == critical || (!read_only && power.write == critical))
}

/// The nodes on which pods run, each once.
pub(super) fn nodes(pods: &[(String, Option<u32>)]) -> Vec<u32> {
    let mut nodes: Vec<u32> = pods.iter().filter_map(|(_, node)| *node).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}
