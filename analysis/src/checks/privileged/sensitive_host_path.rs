//! Containers and volumes that lead to sensitive files of their node.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, added_note, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::host_mount::{HostMount, mounts, per_container};
use crate::host_path::{normalise, power};
use crate::model::storage::PersistentVolume;
use crate::model::{Kind, Object, Typed};

/// See its fields.
pub static CHECK: Check = Check {
    id: "sensitive-host-path",
    title: "Container reaches sensitive files of its node",
    area: Area::Privileged,
    severity: Severity::High,
    rationale: "Who may write the node's programs, configuration or sockets owns the node; who may read the kubelet's directory \
        has the token of every pod on it. How bad a path is depends on the path, on what a subPath leaves of it, and on \
        whether a mount is read-only; a socket takes commands all the same. Volumes that nothing mounts are not counted.",
    remediation: "Use an emptyDir, a volume of a storage class or a projected token instead. Where only a reader of logs or \
        figures needs the path, mount the smallest directory that will do, read-only.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::PersistentVolume)]),
    judge: Judge::Each(&[
        Judge::Workload(judge_workload),
        Judge::Object(&[Kind::PersistentVolume], judge_volume),
    ]),
};

fn judge_workload(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let paths = mounts(workload);
    Outcome::of(
        paths
            .iter()
            .filter_map(|(path, mounts)| finding(workload, path, mounts))
            .collect(),
    )
}

fn finding(workload: &Workload<'_>, path: &str, mounts: &[HostMount<'_>]) -> Option<Finding> {
    let worst = mounts.iter().max_by_key(|mount| mount.severity())?;
    let (severity, power) = (worst.severity()?, worst.power?);
    let HostMount { at, mount, written, .. } = worst;
    let name = &at.container.name;
    let verb = if mount.read_only { "reaches" } else { "may write" };
    let title = format!("Container {name} {verb} {written} of its node");
    let message = format!(
        "It gives container {name} of {} {}.{}",
        workload.reference,
        power.gives,
        added_note(*at)
    );
    let mut finding = CHECK
        .finding(workload.reference.clone(), path, title, message)
        .witness_mount(workload, worst)
        .patch(
            match is_read_only_enough(mounts) {
                true => format!("Mount {written} read-only in {name}"),
                false => format!("Unmount {written} from {name}"),
            },
            patch(workload, mounts),
        );
    finding.severity = severity;
    Some(finding)
}

/// Whether mounting the path read-only harms nobody.
fn is_read_only_enough(mounts: &[HostMount<'_>]) -> bool {
    mounts
        .iter()
        .all(|mount| mount.power.is_none_or(|power| power.read.is_none()))
}

/// Mounts the path read-only where that is enough, else takes it away. What only pods have can't be changed.
fn patch(workload: &Workload<'_>, mounts: &[HostMount<'_>]) -> Option<Patch> {
    if mounts.iter().any(|mount| mount.at.pod.is_some()) {
        return None;
    }
    if is_read_only_enough(mounts) {
        let writable = mounts.iter().filter(|mount| mount.severity().is_some());
        let read_only = |mount: &HostMount<'_>| json!({"mountPath": mount.mount.mount_path, "readOnly": true});
        return workload.patch_spec(Value::Object(per_container(writable, read_only)));
    }
    let gone = |mount: &HostMount<'_>| json!({"mountPath": mount.mount.mount_path, "$patch": "delete"});
    let mut body = per_container(mounts.iter(), gone);
    let volumes: BTreeSet<&str> = mounts.iter().map(|mount| mount.volume).collect();
    let volumes: Vec<Value> = volumes
        .iter()
        .map(|volume| json!({"name": volume, "$patch": "delete"}))
        .collect();
    body.insert("volumes".into(), volumes.into());
    workload.patch_spec(Value::Object(body))
}

/// A persistent volume can't be changed, so there is no patch.
fn judge_volume(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(spec) = PersistentVolume::of(object).and_then(|volume| volume.spec.as_ref()) else {
        return Outcome::NotApplicable;
    };
    let source = spec.persistent_volume_source.as_ref();
    let host = source
        .and_then(|source| source.host_path.as_ref())
        .map(|host| ("hostPath", &host.path));
    let local = source
        .and_then(|source| source.local.as_ref())
        .map(|local| ("local", &local.path));
    let Some((field, written)) = host.or(local) else {
        return Outcome::NotApplicable;
    };
    let path = normalise(written);
    let Some(power) = power(&path) else {
        return Outcome::Pass;
    };
    let is_read = !spec.access_modes.is_empty() && spec.access_modes.iter().all(|mode| mode == "ReadOnlyMany");
    let Some(severity) = (if is_read { power.read } else { power.write }) else {
        return Outcome::Pass;
    };
    let name = &object.meta().name;
    let mut finding = CHECK
        .finding(
            object.reference(),
            path.clone(),
            format!("Volume leads to {path} of its node"),
            format!("Whoever claims volume {name} gets {}.", power.gives),
        )
        .witness(format!("spec.{field}.path"), written.as_str());
    finding.severity = severity;
    Outcome::Fail(vec![finding])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, titles};

    fn deployment(path: &str, mounts: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  template:
    spec:
      containers: [{{name: c, image: i, volumeMounts: [{mounts}]}}]
      volumes: [{{name: v, hostPath: {{path: '{path}'}}}}, {{name: tmp, emptyDir: {{}}}}]
"
        )
    }

    const WRITABLE: &str = "{name: v, mountPath: /host}";
    const READ_ONLY: &str = "{name: v, mountPath: /host, readOnly: true}";

    fn severity(path: &str, mounts: &str) -> Option<Severity> {
        findings(&CHECK, &deployment(path, mounts))
            .first()
            .map(|finding| finding.severity)
    }

    #[test]
    fn read_only_is_less_bad_except_for_sockets() {
        assert_eq!(severity("/etc/", WRITABLE), Some(Severity::Critical));
        assert_eq!(severity("//etc", READ_ONLY), Some(Severity::High));
        assert_eq!(severity("/var/run/docker.sock", READ_ONLY), Some(Severity::Critical));
        assert_eq!(severity("/var/log", READ_ONLY), None);
        assert_eq!(severity("/opt/app", WRITABLE), None);
    }

    #[test]
    fn what_is_not_mounted_gives_nothing() {
        assert_eq!(severity("/", "{name: tmp, mountPath: /tmp}"), None);
    }

    #[test]
    fn a_sub_path_narrows_what_is_reached() {
        assert_eq!(severity("/", "{name: v, mountPath: /x, subPath: opt/app}"), None);
        assert_eq!(
            severity("/opt", "{name: v, mountPath: /x, subPath: cni/bin}"),
            Some(Severity::Critical)
        );
    }

    #[test]
    fn the_witness_is_as_written_and_the_identity_is_not() {
        let finding = findings(&CHECK, &deployment("/var/run/", READ_ONLY)).remove(0);
        assert_eq!(
            (finding.subkey.as_str(), &finding.witness[0].value),
            ("/run", &json!("/var/run/"))
        );
    }

    #[test]
    fn the_worst_mount_is_the_witness() {
        let finding = findings(
            &CHECK,
            &deployment("/etc", &format!("{READ_ONLY}, {{name: v, mountPath: /rw}}")),
        )
        .remove(0);
        assert_eq!(
            (finding.subkey.as_str(), finding.title.as_str()),
            ("/etc", "Container c may write /etc of its node")
        );
        assert_eq!(
            finding.witness[1].path,
            "spec.template.spec.containers[c].volumeMounts[/rw].readOnly"
        );
    }

    fn patch(path: &str, mounts: &str) -> Value {
        let finding = findings(&CHECK, &deployment(path, mounts)).remove(0);
        serde_json::to_value(finding.patch).unwrap()["body"]["spec"]["template"]["spec"].clone()
    }

    #[test]
    fn the_patch_makes_the_mount_read_only_where_that_is_enough() {
        let expected =
            json!({"containers": [{"name": "c", "volumeMounts": [{"mountPath": "/host", "readOnly": true}]}]});
        assert_eq!(patch("/var/log", WRITABLE), expected);
    }

    #[test]
    fn otherwise_it_takes_the_volume_and_all_its_mounts_away() {
        let both = format!("{READ_ONLY}, {{name: v, mountPath: /rw}}");
        let body = patch("/etc", &both);
        assert_eq!(body["volumes"], json!([{"name": "v", "$patch": "delete"}]));
        assert_eq!(body["containers"][0]["volumeMounts"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn a_path_that_only_pods_mount_is_seen_and_not_patched() {
        let pod = "
---
apiVersion: v1
kind: Pod
metadata: {name: web-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec:
  containers: [{name: proxy, volumeMounts: [{name: v, mountPath: /x}]}]
  volumes: [{name: v, hostPath: {path: /etc}}]
";
        let finding = findings(&CHECK, &(deployment("/opt/app", WRITABLE) + pod)).remove(0);
        assert_eq!((finding.object.kind.as_str(), finding.patch), ("Deployment", None));
        let witness: Vec<String> = finding
            .witness
            .iter()
            .map(|w| format!("{} {}", w.object.name, w.path))
            .collect();
        assert_eq!(
            witness,
            [
                "web-a spec.volumes[v].hostPath.path",
                "web-a spec.containers[proxy].volumeMounts[/x].readOnly"
            ]
        );
    }

    #[test]
    fn a_persistent_volume_that_leads_there_fails() {
        let volume = |source: &str| {
            format!("apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: pv}}\nspec: {{{source}}}")
        };
        assert_eq!(
            titles(&CHECK, &volume("hostPath: {path: /var/lib/kubelet}")),
            ["Volume leads to /var/lib/kubelet of its node"]
        );
        assert_eq!(
            titles(&CHECK, &volume("local: {path: /}")),
            ["Volume leads to / of its node"]
        );
        assert!(titles(&CHECK, &volume("hostPath: {path: /mnt/disk}")).is_empty());
        assert!(
            titles(
                &CHECK,
                &volume("hostPath: {path: /usr/share}, accessModes: [ReadOnlyMany]")
            )
            .is_empty()
        );
    }
}
