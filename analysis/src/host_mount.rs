//! Where containers mount paths of their node.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use shared::verdict::Severity;

use crate::cluster::{ContainerAt, Workload};
use crate::finding::Finding;
use crate::host_path::{HostPath, normalise, power};
use crate::model::container::VolumeMount;
use crate::model::pod::PodSpec;
use crate::model::volume::Volume;

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
    let of_template = host_volumes(workload.spec);
    // Containers that only pods have, by the pod: its volumes are indexed once.
    let mut of_pods: BTreeMap<*const PodSpec, HostVolumes<'a>> = BTreeMap::new();
    let mut paths: BTreeMap<String, Vec<HostMount<'a>>> = BTreeMap::new();
    for at in workload.containers() {
        let spec = workload.spec_of(at);
        let volumes: &HostVolumes<'_> = match at.pod {
            None => &of_template,
            Some(_) => of_pods
                .entry(std::ptr::from_ref(spec))
                .or_insert_with(|| host_volumes(spec)),
        };
        for mount in &at.container.volume_mounts {
            if let Some((path, mount)) = of_node(volumes, at, mount) {
                paths.entry(path).or_default().push(mount);
            }
        }
    }
    paths
}

/// The volumes that are paths of the node, by name, each with the path as written.
type HostVolumes<'a> = BTreeMap<&'a str, &'a str>;

/// Of several volumes of a name the first counts, of whatever kind it is.
fn host_volumes(spec: &PodSpec) -> HostVolumes<'_> {
    let mut seen = BTreeSet::new();
    let firsts = spec.volumes.iter().filter(|volume| seen.insert(volume.name.as_str()));
    firsts
        .filter_map(|volume| Some((volume.name.as_str(), host_path(volume)?)))
        .collect()
}

fn host_path(volume: &Volume) -> Option<&str> {
    Some(&volume.volume_source.as_ref()?.host_path.as_ref()?.path)
}

/// A mount with the path of the node that its volume names; none of other volumes.
fn of_node<'a>(
    volumes: &HostVolumes<'a>,
    at: ContainerAt<'a>,
    mount: &'a VolumeMount,
) -> Option<(String, HostMount<'a>)> {
    let (&volume, &written) = volumes.get_key_value(mount.name.as_str())?;
    let reached = normalise(&format!("{written}/{}", mount.sub_path));
    let host_mount = HostMount {
        at,
        mount,
        volume,
        written,
        power: power(&reached),
    };
    Some((normalise(written), host_mount))
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
