//! Containers whose processes may gain more rights than they started with.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{effective_own, is_privileged, judge_manners, own};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "privilege-escalation-allowed",
    title: "Processes may gain rights",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "Unless allowPrivilegeEscalation is false, a process may gain rights by a setuid program of its image, such as su or \
        sudo: a program that was taken over under another user becomes root in the container. Where it is set to true \
        somebody wanted that, which is of medium severity. What admission puts into all pods of a workload counts; static pods are \
        left out.",
    remediation: "Set securityContext.allowPrivilegeEscalation to false. Only programs that change their user by a setuid program \
        notice; those that start as root do not.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_manners(workload, |at| finding(workload, at))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (allows, context) = effective_own(workload, at, |own| own.allow_privilege_escalation);
    let severity = match allows {
        Some(false) => return None,
        Some(true) => Severity::Medium,
        None => Severity::Low,
    };
    let (container, reference, implied) = (&at.container.name, &workload.reference, implied_by(at));
    let because = implied
        .map(|cause| format!(" That follows from {cause}."))
        .unwrap_or_default();
    let title = format!("Processes of container {container} may gain rights");
    let message = format!(
        "A setuid program in the image of container {container} of {reference} makes root of whoever runs it.{because}"
    );
    let forbid = json!({"securityContext": {"allowPrivilegeEscalation": false}});
    let patch = workload.patch_container(at, forbid).filter(|_| implied.is_none());
    let mut finding = CHECK
        .container_finding(workload, at, title, message)
        .witness_at(context.field("allowPrivilegeEscalation"), allows)
        .patch(format!("Allow no privilege escalation in {container}"), patch);
    finding.severity = severity;
    Some(finding)
}

/// What makes the API server refuse to have it forbidden. It looks for the capability with its prefix only, and runtimes forbid
/// it beside the other spelling as they are told.
fn implied_by(at: ContainerAt<'_>) -> Option<&'static str> {
    let capabilities = own(at).and_then(|context| context.capabilities.as_ref());
    let mut added = capabilities.iter().flat_map(|capabilities| &capabilities.add);
    if is_privileged(at) {
        Some("its running privileged")
    } else {
        added
            .any(|written| written == "CAP_SYS_ADMIN")
            .then_some("the capability CAP_SYS_ADMIN")
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::confinement::fixture::{RESTRICTED, deployment, pod};
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn container(context: &str) -> String {
        deployment(&format!(
            "{{containers: [{{name: c, securityContext: {{{context}}}}}]}}"
        ))
    }

    #[test]
    fn only_false_forbids_it_and_true_is_worse_than_nothing() {
        let severity = |context: &str| findings(&CHECK, &container(context)).remove(0).severity;
        assert_eq!(severity(""), Severity::Low);
        assert_eq!(severity("allowPrivilegeEscalation: true"), Severity::Medium);
        assert_eq!(titles(&CHECK, &container("allowPrivilegeEscalation: false")), [""; 0]);
        assert!(is_closed_by_patches(
            &CHECK,
            &container("allowPrivilegeEscalation: true")
        ));
    }

    #[test]
    fn what_implies_it_is_named_and_must_go_first() {
        for (context, cause) in [
            ("privileged: true", "running privileged"),
            ("capabilities: {add: [CAP_SYS_ADMIN]}", "SYS_ADMIN"),
        ] {
            let found = findings(&CHECK, &container(context)).remove(0);
            assert_eq!(found.patch, None, "{context}");
            assert!(found.message.contains(cause), "{}", found.message);
        }
    }

    #[test]
    fn admission_may_forbid_it_in_every_pod() {
        let template = deployment("{containers: [{name: c}]}");
        assert_eq!(titles(&CHECK, &(template + &pod("a", RESTRICTED))), [""; 0]);
    }

    #[test]
    fn without_its_prefix_the_capability_stands_in_nobodys_way() {
        assert!(is_closed_by_patches(
            &CHECK,
            &container("capabilities: {add: [SYS_ADMIN]}")
        ));
    }
}
