//! Volumes of other types than the few that stay within the cluster.

use super::{Breach, Control};
use crate::model::volume::{Volume, VolumeSource};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "restrictedVolumes",
    title: "Types of volumes",
    level: Level::Restricted,
    since: Version(0),
    overrides: Some("hostPathVolumes"),
    reason: "restricted volume types",
    judge,
};

fn judge(_: Version, pod: Pod<'_>) -> Vec<Breach> {
    let breach = |volume: &Volume| {
        let kind = refused(volume.volume_source.as_ref()?)?;
        let message = format!("Volume {} is of type {kind}.", volume.name);
        Some((format!("spec.volumes[{}].{kind}", volume.name), message))
    };
    pod.spec.volumes.iter().filter_map(breach).collect()
}

/// The type of a volume, where it is refused. A volume without a type is an emptyDir, by the API server's defaults.
fn refused(source: &VolumeSource) -> Option<&'static str> {
    let allowed = [
        source.config_map.is_some(),
        source.csi.is_some(),
        source.downward_api.is_some(),
        source.empty_dir.is_some(),
        source.ephemeral.is_some(),
        source.image.is_some(),
        source.persistent_volume_claim.is_some(),
        source.projected.is_some(),
        source.secret.is_some(),
    ];
    let refused = [
        (source.host_path.is_some(), "hostPath"),
        (source.gce_persistent_disk.is_some(), "gcePersistentDisk"),
        (source.aws_elastic_block_store.is_some(), "awsElasticBlockStore"),
        (source.git_repo.is_some(), "gitRepo"),
        (source.nfs.is_some(), "nfs"),
        (source.iscsi.is_some(), "iscsi"),
        (source.glusterfs.is_some(), "glusterfs"),
        (source.rbd.is_some(), "rbd"),
        (source.flex_volume.is_some(), "flexVolume"),
        (source.cinder.is_some(), "cinder"),
        (source.cephfs.is_some(), "cephfs"),
        (source.flocker.is_some(), "flocker"),
        (source.fc.is_some(), "fc"),
        (source.azure_file.is_some(), "azureFile"),
        (source.vsphere_volume.is_some(), "vsphereVolume"),
        (source.quobyte.is_some(), "quobyte"),
        (source.azure_disk.is_some(), "azureDisk"),
        (source.portworx_volume.is_some(), "portworxVolume"),
        (source.photon_persistent_disk.is_some(), "photonPersistentDisk"),
        (source.scale_io.is_some(), "scaleIO"),
        (source.storageos.is_some(), "storageos"),
    ];
    let kind = refused.into_iter().find(|(is_it, _)| *is_it).map(|(_, kind)| kind);
    kind.filter(|_| !allowed.contains(&true))
}
