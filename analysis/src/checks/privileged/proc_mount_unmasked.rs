//! Containers that see all of /proc.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{judge_containers, own};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "proc-mount-unmasked",
    title: "Container sees all of /proc",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "Runtimes hide the parts of /proc that show the node's kernel, and keep the others from being written. With \
        procMount: Unmasked a root process may read the kernel's memory map and write settings that hold for the whole node. \
        A pod in a user namespace of its own (hostUsers: false) has no such power, and passes.",
    remediation: "Remove procMount. What builds containers inside a container needs it: set hostUsers to false there.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_containers(workload, |at| finding(workload, at))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let mount = own(at).and_then(|context| context.proc_mount.as_deref());
    if mount != Some("Unmasked") || workload.spec_of(at).host_users == Some(false) {
        return None;
    }
    let name = &at.container.name;
    let finding = CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} sees all of /proc"),
            format!(
                "Container {name} of {} reaches what /proc shows of the node's kernel.",
                workload.reference
            ),
        )
        .witness_at(workload.container_field(at, "securityContext.procMount"), mount)
        .patch(
            format!("Mask /proc in {name}"),
            workload.patch_container(at, json!({"securityContext": {"procMount": "Default"}})),
        );
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{is_closed_by_patches, titles};

    fn container(mount: &str, pod: &str) -> String {
        deployment(&format!(
            "{{{pod}containers: [{{name: c, securityContext: {{procMount: {mount}}}}}]}}"
        ))
    }

    #[test]
    fn all_of_proc_fails_but_in_a_user_namespace() {
        assert_eq!(
            titles(&CHECK, &container("Unmasked", "")),
            ["Container c sees all of /proc"]
        );
        assert!(is_closed_by_patches(&CHECK, &container("Unmasked", "")));
        assert_eq!(titles(&CHECK, &container("Unmasked", "hostUsers: false, ")), [""; 0]);
        assert_eq!(titles(&CHECK, &container("Default", "")), [""; 0]);
    }
}
