//! Containers that run privileged.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "container-privileged",
    title: "Container runs privileged",
    area: Area::Privileged,
    severity: Severity::Critical,
    rationale: "A privileged container has every capability and all of its node's devices: whoever takes over the \
        container is root on the node, and from there reaches every pod and token on it.",
    remediation: "Remove securityContext.privileged, and add only the capabilities that the program is known to need.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    Outcome::of(
        workload
            .containers()
            .filter(|at| is_privileged(*at))
            .map(|at| finding(workload, at))
            .collect(),
    )
}

fn is_privileged(at: ContainerAt<'_>) -> bool {
    at.container
        .security_context
        .as_ref()
        .is_some_and(|context| context.privileged == Some(true))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Finding {
    let name = &at.container.name;
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} runs privileged"),
            format!(
                "Container {name} of {} has every capability and all devices of its node.",
                workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "securityContext.privileged"), true)
        .patch(
            format!("Drop privileged from {name}"),
            workload
                .patch_container(at, json!({"securityContext": {"privileged": false}}))
                .filter(|_| can_change(at)),
        )
}

/// The API server lets only privileged containers pass mounts on to their node.
fn can_change(at: ContainerAt<'_>) -> bool {
    at.container
        .volume_mounts
        .iter()
        .all(|mount| mount.mount_propagation.as_deref() != Some("Bidirectional"))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    const DAEMON_SET: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: tuner, namespace: tools}
spec:
  template:
    spec:
      initContainers: [{name: setup, securityContext: {privileged: true}}]
      containers: [{name: tune, securityContext: {privileged: false}}, {name: plain}]
";

    #[test]
    fn a_privileged_init_container_fails_and_others_do_not() {
        assert_eq!(titles(&CHECK, DAEMON_SET), ["Container setup runs privileged"]);
    }

    #[test]
    fn a_container_that_passes_mounts_on_has_no_patch() {
        let mounts = "privileged: true}, volumeMounts: [{name: v, mountPath: /v, mountPropagation: Bidirectional}]}]";
        let finding = findings(&CHECK, &DAEMON_SET.replace("privileged: true}}]", mounts)).remove(0);
        assert_eq!(finding.patch, None);
    }

    fn pod(name: &str, container: &str) -> String {
        format!(
            "
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: tools, ownerReferences: [{{apiVersion: apps/v1, kind: DaemonSet, name: tuner, controller: true}}]}}
spec: {{containers: [{{name: tune}}], {container}}}
"
        )
    }

    #[test]
    fn a_debugger_that_only_pods_have_is_one_finding_of_their_workload_and_says_so() {
        let debugger = "ephemeralContainers: [{name: debugger, securityContext: {privileged: true}}]";
        let manifests = DAEMON_SET.to_owned() + &pod("tuner-a", debugger) + &pod("tuner-b", debugger);
        let found = findings(&CHECK, &manifests);
        assert_eq!(found.len(), 2);
        let debugger = &found[1];
        assert_eq!(
            (debugger.object.kind.as_str(), debugger.subkey.as_str(), &debugger.patch),
            ("DaemonSet", "debugger", &None)
        );
        assert!(
            debugger.message.contains("exists only in running pods"),
            "{}",
            debugger.message
        );
        let witness = &debugger.witness[0];
        assert_eq!(witness.object.to_string(), "Pod tools/tuner-a");
        assert_eq!(
            witness.path,
            "spec.ephemeralContainers[debugger].securityContext.privileged"
        );
    }

    #[test]
    fn a_sidecar_that_is_privileged_in_one_pod_only_fails() {
        let sidecar = |privileged: bool| {
            format!("initContainers: [{{name: proxy, securityContext: {{privileged: {privileged}}}}}]")
        };
        let manifests = DAEMON_SET.to_owned() + &pod("tuner-a", &sidecar(false)) + &pod("tuner-b", &sidecar(true));
        let found = findings(&CHECK, &manifests);
        assert_eq!(found[1].witness[0].object.name, "tuner-b");
    }

    #[test]
    fn the_witness_is_the_field_and_the_patch_names_the_container() {
        let finding = findings(&CHECK, DAEMON_SET).remove(0);
        assert_eq!(
            finding.witness[0].path,
            "spec.template.spec.initContainers[setup].securityContext.privileged"
        );
        let patch = serde_json::to_value(&finding.patch).unwrap();
        assert_eq!(
            patch["body"]["spec"]["template"]["spec"]["initContainers"][0]["name"],
            "setup"
        );
    }
}
