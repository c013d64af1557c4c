//! Paths of the node that pods have as volumes, and that no other check reports.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::host_mount::mounts;
use crate::model::volume::Volume;

/// See its fields.
pub static CHECK: Check = Check {
    id: "host-path-read",
    title: "Pod has a path of its node as a volume",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "What stands in the path depends on the node that the pod comes to, and what is put there tomorrow is seen too. The baseline \
        level of the Pod Security Standards refuses every such volume. Paths that may be written, and those that give the node away, are \
        reported by host-path-writable and sensitive-host-path, and not here.",
    remediation: "Use a ConfigMap, a projected volume or a volume of a storage class; remove a volume that nothing mounts.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let volumes = workload.spec.volumes.iter();
    Outcome::of(volumes.filter_map(|volume| finding(workload, volume)).collect())
}

fn finding(workload: &Workload<'_>, volume: &Volume) -> Option<Finding> {
    let path = volume.volume_source.as_ref()?.host_path.as_ref()?;
    let mounted = mounts(workload);
    let of_volume = mounted.values().flatten().filter(|mount| mount.volume == volume.name);
    let is_reported = |mount: &crate::host_mount::HostMount<'_>| mount.severity().is_some() || !mount.mount.read_only;
    let (mut of_volume, reference) = (of_volume.peekable(), &workload.reference);
    let how = match of_volume.peek() {
        Some(_) => "mount it to read",
        None => "do not mount it",
    };
    if of_volume.any(is_reported) {
        return None;
    }
    let title = format!(
        "Pods of {} have {} of their node as a volume",
        reference.name, path.path
    );
    let message = format!(
        "Volume {} of {reference} is {} of the node; containers {how}.",
        volume.name, path.path
    );
    let finding = CHECK.finding(reference.clone(), &path.path, title, message);
    let field = workload.spec_path(&format!("volumes[{}].hostPath.path", volume.name));
    Some(finding.witness(field, path.path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::titles;

    fn found(path: &str, mounts: &str) -> usize {
        let spec = format!(
            "{{containers: [{{name: c, volumeMounts: [{mounts}]}}], volumes: [{{name: v, hostPath: {{path: {path}}}}}, {{name: tmp, emptyDir: {{}}}}]}}"
        );
        titles(&CHECK, &deployment(&spec)).len()
    }

    #[test]
    fn a_path_that_is_read_or_not_mounted_is_reported_here() {
        assert_eq!(found("/opt/data", "{name: v, mountPath: /d, readOnly: true}"), 1);
        assert_eq!(found("/opt/data", "{name: tmp, mountPath: /d}"), 1);
    }

    #[test]
    fn what_other_checks_report_is_not_said_twice() {
        assert_eq!(found("/opt/data", "{name: v, mountPath: /d}"), 0);
        assert_eq!(
            found("/var/run/docker.sock", "{name: v, mountPath: /d, readOnly: true}"),
            0
        );
    }
}
