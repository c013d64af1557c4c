//! Containers that may write a path of their node.

use serde_json::{Value, json};
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS, added_note};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::host_mount::{HostMount, mounts, per_container};

/// See its fields.
pub static CHECK: Check = Check {
    id: "host-path-writable",
    title: "Container may write a path of its node",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "What is written to the node outlives the pod, is there for the next pod that mounts the path, and can fill the disk \
        of the node or plant what one of its programs reads. Paths that give the node away are reported by \
        sensitive-host-path and not here.",
    remediation: "Use an emptyDir or a volume of a storage class; where the program only reads, mount the path with readOnly: true.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let paths = mounts(workload);
    let others = paths
        .iter()
        .filter(|(_, mounts)| mounts.iter().all(|mount| mount.severity().is_none()));
    Outcome::of(
        others
            .filter_map(|(path, mounts)| finding(workload, path, mounts))
            .collect(),
    )
}

fn finding(workload: &Workload<'_>, path: &str, mounts: &[HostMount<'_>]) -> Option<Finding> {
    let writable: Vec<&HostMount<'_>> = mounts.iter().filter(|mount| !mount.mount.read_only).collect();
    let first = writable.first()?;
    let (name, written) = (&first.at.container.name, first.written);
    let message = format!(
        "What container {name} of {} writes to {written} stays on the node and is there for others.{}",
        workload.reference,
        added_note(first.at),
    );
    let title = format!("Container {name} may write {written} of its node");
    let finding = CHECK
        .finding(workload.reference.clone(), path, title, message)
        .witness_mount(workload, first)
        .patch(
            format!("Mount {written} read-only in {name}"),
            patch(workload, &writable),
        );
    Some(finding)
}

fn patch(workload: &Workload<'_>, writable: &[&HostMount<'_>]) -> Option<Patch> {
    if writable.iter().any(|mount| mount.at.pod.is_some()) {
        return None;
    }
    let read_only = |mount: &HostMount<'_>| json!({"mountPath": mount.mount.mount_path, "readOnly": true});
    workload.patch_spec(Value::Object(per_container(writable.iter().copied(), read_only)))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{is_closed_by_patches, titles};

    fn mounting(path: &str, mounts: &str) -> String {
        deployment(&format!(
            "{{containers: [{{name: c, volumeMounts: [{mounts}]}}], volumes: [{{name: v, hostPath: {{path: {path}}}}}, {{name: tmp, emptyDir: {{}}}}]}}"
        ))
    }

    #[test]
    fn a_path_that_can_be_written_fails_once_and_the_patch_covers_each_mount() {
        let manifests = mounting(
            "/opt/app",
            "{name: v, mountPath: /a}, {name: v, mountPath: /b}, {name: v, mountPath: /c, readOnly: true}",
        );
        assert_eq!(
            titles(&CHECK, &manifests),
            ["Container c may write /opt/app of its node"]
        );
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn what_is_only_read_not_mounted_or_reported_as_sensitive_passes() {
        for (path, mounts) in [
            ("/opt/app", "{name: v, mountPath: /a, readOnly: true}"),
            ("/opt/app", "{name: tmp, mountPath: /tmp}"),
            ("/etc", "{name: v, mountPath: /a}"),
        ] {
            assert_eq!(titles(&CHECK, &mounting(path, mounts)), [""; 0], "{path} {mounts}");
        }
    }
}
