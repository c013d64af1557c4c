//! Where containers mount paths of their node.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use shared::verdict::Severity;

use crate::cluster::{ContainerAt, Workload};
use crate::finding::Finding;
use crate::host_path::{HostPath, normalise, power};
use crate::model::container::VolumeMount;
use crate::model::pod::PodSpec;

/// A mount of a path of the node.
#[derive(Debug)]
pub struct HostMount<'a> {
    /// The container that has it.
    pub at: ContainerAt<'a>,
    /// How it is mounted.
    pub mount: &'a VolumeMount,
    /// The volume's name.
    pub volume: &'a str,
    /// The path of the volume, as written.
    pub written: &'a str,
    /// What the path gives that is reached through it; none where that is nothing special.
    pub power: Option<&'static HostPath>,
}

impl HostMount<'_> {
    /// How bad it is; none where it harms nobody.
    pub fn severity(&self) -> Option<Severity> {
        self.power
            .and_then(|power| if self.mount.read_only { power.read } else { power.write })
    }
}

impl Finding {
    /// Adds a mount of a path of the node as evidence: the path, and whether it may be written.
    pub fn witness_mount(self, workload: &Workload<'_>, mount: &HostMount<'_>) -> Self {
        let (object, spec) = workload.place(mount.at);
        let read_only = format!("volumeMounts[{}].readOnly", mount.mount.mount_path);
        self.witness_in(
            object,
            format!("{spec}.volumes[{}].hostPath.path", mount.volume),
            mount.written,
        )
        .witness_at(workload.container_field(mount.at, &read_only), mount.mount.read_only)
    }
}

/// The mounts of paths of the node, by the path that the volume names, normalised.
pub fn mounts<'a>(workload: &Workload<'a>) -> BTreeMap<String, Vec<HostMount<'a>>> {
    let mut paths: BTreeMap<String, Vec<HostMount<'a>>> = BTreeMap::new();
    for at in workload.containers() {
        for mount in &at.container.volume_mounts {
            if let Some((path, mount)) = of_node(workload.spec_of(at), at, mount) {
                paths.entry(path).or_default().push(mount);
            }
        }
    }
    paths
}

/// A mount with the path of the node that its volume names; none of other volumes.
fn of_node<'a>(spec: &'a PodSpec, at: ContainerAt<'a>, mount: &'a VolumeMount) -> Option<(String, HostMount<'a>)> {
    let volume = spec.volumes.iter().find(|volume| volume.name == mount.name)?;
    let host = volume.volume_source.as_ref()?.host_path.as_ref()?;
    let reached = normalise(&format!("{}/{}", host.path, mount.sub_path));
    let mount = HostMount {
        at,
        mount,
        volume: &volume.name,
        written: &host.path,
        power: power(&reached),
    };
    Some((normalise(&host.path), mount))
}

/// The lists of containers of a patch that changes these mounts.
pub fn per_container<'a>(
    mounts: impl Iterator<Item = &'a HostMount<'a>>,
    change: impl Fn(&HostMount<'_>) -> Value,
) -> Map<String, Value> {
    let mut lists: BTreeMap<&str, BTreeMap<&str, Vec<Value>>> = BTreeMap::new();
    for mount in mounts {
        let containers = lists.entry(mount.at.list.field()).or_default();
        containers
            .entry(&mount.at.container.name)
            .or_default()
            .push(change(mount));
    }
    let container = |(name, mounts)| serde_json::json!({"name": name, "volumeMounts": Value::Array(mounts)});
    lists
        .into_iter()
        .map(|(list, containers)| (list.to_owned(), containers.into_iter().map(container).collect()))
        .collect()
}
