//! Containers that may use every call of the kernel.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::confinement::{effective, judge_containers};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "seccomp-profile-missing",
    title: "Container has no seccomp profile",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "The kernel has some hundred calls that programs in containers never need, and holes in those are how containers \
        were left. The profile of the runtime shuts them off. Where it is switched off by name (Unconfined) that is of medium \
        severity; where nobody names one, of low: the kubelet then uses none, unless its seccompDefault is set, which the API \
        does not show. What admission puts into all pods of a workload counts; static \
        pods that name none are left out.",
    remediation: "Set seccompProfile.type to RuntimeDefault, for the whole pod in spec.securityContext.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_containers(workload, |at| finding(workload, at))
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (profile, context) = effective(
        workload,
        at,
        |own| own.seccomp_profile.as_ref(),
        |pod| pod.seccomp_profile.as_ref(),
    );
    let kind = profile.map(|profile| profile.r#type.as_str());
    let (fact, severity) = match kind {
        Some("Unconfined") => ("runs without seccomp", Severity::Medium),
        None | Some("") if is_expected_to_name_one(workload, at) => ("names no seccomp profile", Severity::Low),
        _ => return None,
    };
    let mut finding = context
        .finding(&CHECK, fact, " and may use every call of the kernel.")
        .witness_at(context.field("seccompProfile.type"), kind)
        .patch(
            format!("Give {} the runtime's seccomp profile", context.owner()),
            context.patch(json!({"seccompProfile": {"type": "RuntimeDefault"}})),
        );
    finding.severity = severity;
    Some(finding)
}

/// A debugger can't be changed, and a static pod comes as its installer writes it.
fn is_expected_to_name_one(workload: &Workload<'_>, at: ContainerAt<'_>) -> bool {
    at.list != ContainerList::Ephemeral && !workload.is_static_pod()
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::confinement::fixture::{RESTRICTED, deployment, pod};
    use crate::fixture::{findings, is_closed_by_patches};

    fn found(spec: &str) -> Vec<(String, Severity)> {
        let findings = findings(&CHECK, &deployment(spec)).into_iter();
        findings.map(|finding| (finding.title, finding.severity)).collect()
    }

    #[test]
    fn a_profile_of_the_pod_holds_for_containers_without_one_of_their_own() {
        let spec = "{securityContext: {seccompProfile: {type: RuntimeDefault}}, containers: [{name: a}, {name: b, securityContext: {seccompProfile: {type: Unconfined}}}]}";
        assert_eq!(
            found(spec),
            [("Container b runs without seccomp".to_owned(), Severity::Medium)]
        );
        assert!(is_closed_by_patches(&CHECK, &deployment(spec)));
    }

    #[test]
    fn a_pod_that_switches_it_off_is_one_finding_and_its_containers_may_switch_it_on() {
        let spec = "{securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: a}, {name: b}, {name: c, securityContext: {seccompProfile: {type: Localhost, localhostProfile: p}}}]}";
        assert_eq!(
            found(spec),
            [("The pod runs without seccomp".to_owned(), Severity::Medium)]
        );
        assert!(is_closed_by_patches(&CHECK, &deployment(spec)));
    }

    #[test]
    fn none_at_all_is_low() {
        let spec = "{initContainers: [{name: a}], containers: []}";
        assert_eq!(
            found(spec),
            [("Container a names no seccomp profile".to_owned(), Severity::Low)]
        );
    }

    #[test]
    fn a_debugger_may_name_none_and_may_not_switch_it_off() {
        let debugger = |context: &str| {
            format!("{{containers: [], ephemeralContainers: [{{name: d, securityContext: {{{context}}}}}]}}")
        };
        assert_eq!(found(&debugger("")), []);
        assert_eq!(found(&debugger("seccompProfile: {type: Unconfined}")).len(), 1);
    }

    #[test]
    fn a_profile_that_admission_puts_into_every_pod_is_one() {
        let template = deployment("{containers: [{name: c}]}");
        assert_eq!(findings(&CHECK, &(template + &pod("a", RESTRICTED))).len(), 0);
    }
}
