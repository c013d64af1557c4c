//! Pods whose containers see each other's processes.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::confinement::is_windows;

/// See its fields.
pub static CHECK: Check = Check {
    id: "process-namespace-shared",
    title: "Containers of a pod share their processes",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "Each container then sees the processes of the others, can read their environment and through /proc their files, \
        and send them signals, as far as their users allow: a sidecar that was taken over has the secrets of the program.",
    remediation: "Remove shareProcessNamespace. To look into a running pod, attach a debugger to one of its containers instead.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if is_windows(workload.spec) {
        return Outcome::NotApplicable;
    }
    if workload.spec.share_process_namespace != Some(true) {
        return Outcome::Pass;
    }
    let message = format!(
        "Containers of {} see the processes, environments and files of each other.",
        workload.reference
    );
    let finding = CHECK
        .finding(
            workload.reference.clone(),
            "",
            "Containers of the pod share their processes",
            message,
        )
        .witness(workload.spec_path("shareProcessNamespace"), true)
        .patch(
            format!("Keep the processes of {} apart", workload.reference.name),
            workload.patch_spec(json!({"shareProcessNamespace": false})),
        );
    Outcome::Fail(vec![finding])
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{is_closed_by_patches, titles};

    #[test]
    fn only_true_shares() {
        let shared = deployment("{shareProcessNamespace: true, containers: [{name: a}, {name: b}]}");
        assert!(is_closed_by_patches(&CHECK, &shared));
        for apart in ["shareProcessNamespace: false, ", "hostPID: true, ", ""] {
            let manifests = deployment(&format!("{{{apart}containers: [{{name: a}}]}}"));
            assert_eq!(titles(&CHECK, &manifests), [""; 0], "{apart}");
        }
    }
}
