//! Volumes that are folders of the node.

use super::{Breach, Control};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "hostPathVolumes",
    title: "Volumes of the node",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "hostPath volumes",
    judge,
};

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    let breach = |volume: &crate::model::volume::Volume| {
        let path = volume.volume_source.as_ref()?.host_path.as_ref()?;
        let message = format!("Volume {} is {} of the node.", volume.name, path.path);
        Some((format!("spec.volumes[{}].hostPath", volume.name), message))
    };
    pod.spec.volumes.iter().filter_map(breach).collect()
}
