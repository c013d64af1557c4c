//! Pods that set kernel parameters that are not theirs alone.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::confinement::is_windows;
use crate::finding::Finding;
use crate::model::security_context::Sysctl;
use crate::pod_security::{is_safe_sysctl, version};

/// See its fields.
pub static CHECK: Check = Check {
    id: "sysctl-unsafe",
    title: "Pod sets an unsafe kernel parameter",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "Kubernetes calls a kernel parameter safe if it belongs to the pod alone and takes nothing from others. The rest can \
        use up the memory of the node or change it for its neighbours; the kubelet refuses such a pod unless whoever runs \
        the node allowed the parameter.",
    remediation: "Remove the parameter, or set it on nodes that are kept for such pods. Safe parameters may stay.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if is_windows(workload.spec) {
        return Outcome::NotApplicable;
    }
    let context = workload.spec.security_context.as_ref();
    let set = context.map_or(&[][..], |context| &context.sysctls);
    let (safe, unsafe_ones): (Vec<&Sysctl>, Vec<&Sysctl>) = set.iter().partition(|sysctl| is_safe(&sysctl.name));
    if unsafe_ones.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(workload, &unsafe_ones, &safe)])
}

/// The kernel takes slashes for dots.
fn is_safe(name: &str) -> bool {
    is_safe_sysctl(&name.replace('/', "."), version::NEWEST)
}

fn finding(workload: &Workload<'_>, unsafe_ones: &[&Sysctl], safe: &[&Sysctl]) -> Finding {
    let names: Vec<&str> = unsafe_ones.iter().map(|sysctl| sysctl.name.as_str()).collect();
    let names = names.join(", ");
    let message = format!(
        "Pods of {} set {names}, which Kubernetes does not call safe.",
        workload.reference
    );
    let finding = CHECK
        .finding(workload.reference.clone(), "", format!("The pod sets {names}"), message)
        .patch(
            format!("Leave {names} as the node has it"),
            workload.patch_spec(json!({"securityContext": {"sysctls": safe}})),
        );
    unsafe_ones.iter().fold(finding, |finding, sysctl| {
        let path = workload.spec_path(&format!("securityContext.sysctls[{}].value", sysctl.name));
        finding.witness(path, sysctl.value.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn pod(sysctls: &str) -> String {
        deployment(&format!(
            "{{securityContext: {{sysctls: [{sysctls}]}}, containers: [{{name: c}}]}}"
        ))
    }

    #[test]
    fn unsafe_parameters_are_one_finding_and_the_patch_keeps_the_safe_ones() {
        let manifests = pod(
            "{name: kernel.msgmax, value: '1'}, {name: net.ipv4.tcp_syncookies, value: '1'}, {name: net.core.somaxconn, value: '2'}",
        );
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.title, "The pod sets kernel.msgmax, net.core.somaxconn");
        let patch = serde_json::to_value(&found.patch).unwrap();
        let kept = &patch["body"]["spec"]["template"]["spec"]["securityContext"]["sysctls"];
        assert_eq!(kept[0]["name"], "net.ipv4.tcp_syncookies");
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn safe_parameters_pass_in_either_way_to_write_them() {
        let manifests = pod("{name: net.ipv4.tcp_rmem, value: '1'}, {name: net/ipv4/ping_group_range, value: '0 1'}");
        assert_eq!(titles(&CHECK, &manifests), [""; 0]);
    }
}
