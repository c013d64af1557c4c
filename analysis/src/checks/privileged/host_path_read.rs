//! Paths of the node that pods have as volumes, and that no other check reports.

use std::collections::BTreeMap;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::host_mount::{HostMount, mounts};
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
    let paths = mounts(workload);
    let mut by_volume: BTreeMap<&str, Vec<&HostMount<'_>>> = BTreeMap::new();
    for mount in paths.values().flatten() {
        by_volume.entry(mount.volume).or_default().push(mount);
    }
    let found = workload.spec.volumes.iter().filter_map(|volume| {
        let mounts = by_volume.get(volume.name.as_str()).map_or(&[][..], Vec::as_slice);
        finding(workload, volume, mounts)
    });
    Outcome::of(found.collect())
}

fn finding(workload: &Workload<'_>, volume: &Volume, mounts: &[&HostMount<'_>]) -> Option<Finding> {
    let path = &volume.volume_source.as_ref()?.host_path.as_ref()?.path;
    let is_reported = |mount: &&HostMount<'_>| mount.severity().is_some() || !mount.mount.read_only;
    if mounts.iter().any(is_reported) {
        return None;
    }
    let (reference, first) = (&workload.reference, mounts.first());
    let how = match first {
        Some(_) => "mount it to read",
        None => "do not mount it",
    };
    let title = format!("Pods of {} have {path} of their node as a volume", reference.name);
    let message = format!(
        "Volume {} of {reference} is {path} of the node; containers {how}.",
        volume.name
    );
    let finding = CHECK.finding(reference.clone(), path, title, message);
    Some(match first {
        Some(mount) => finding.witness_mount(workload, mount),
        None => {
            let field = workload.spec_path(&format!("volumes[{}].hostPath.path", volume.name));
            finding.witness(field, path.as_str())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, findings_in, titles};
    use crate::model::{Kind, Object, Snapshot};

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

    #[test]
    fn what_a_known_project_only_reads_is_expected() {
        let kube_proxy = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-proxy, namespace: kube-system}
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{name: kube-proxy, image: 'registry.k8s.io/kube-proxy:v1.37.2', volumeMounts: [{name: lib, mountPath: /lib/modules, readOnly: true}]}]
      volumes: [{name: lib, hostPath: {path: /lib/modules}}]
";
        let found = findings(&CHECK, kube_proxy).remove(0);
        assert_eq!((found.witness.len(), found.expected.is_some()), (2, true), "{found:?}");
    }

    #[test]
    fn a_pod_with_thousands_of_volumes_is_judged_in_one_pass() {
        const MANY: usize = 10_000;
        let mounts: Vec<String> = (0..MANY)
            .map(|n| format!(r#"{{"name":"v{n}","mountPath":"/m{n}","readOnly":true}}"#))
            .collect();
        let volumes: Vec<String> = (0..MANY)
            .map(|n| format!(r#"{{"name":"v{n}","hostPath":{{"path":"/opt/d{n}"}}}}"#))
            .collect();
        let pod = format!(
            r#"{{"metadata":{{"name":"p","namespace":"n"}},"spec":{{"containers":[{{"name":"c","volumeMounts":[{}]}}],"volumes":[{}]}}}}"#,
            mounts.join(","),
            volumes.join(",")
        );
        let mut snapshot = Snapshot::new("v1.37.2");
        snapshot.put(Object::deserialize(Kind::Pod, serde_json::from_str::<serde_json::Value>(&pod).unwrap()).unwrap());
        assert_eq!(findings_in(&CHECK, &snapshot).len(), MANY);
    }
}
