//! Containers that run as root, or do if their image says so.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{effective, is_kept_from_root, judge_manners};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "container-may-run-as-root",
    title: "Container may run as root",
    area: Area::Privileged,
    severity: Severity::Medium,
    rationale: "Root in a container is root of its node for the kernel, held back by what confines the container alone: a hole \
        in the runtime or a path of the node that is mounted is enough. Where runAsUser is 0 that is certain; where nobody \
        names a user the image decides, which is of low severity. Pods in a user namespace of their own (hostUsers: false) pass, \
        and static pods are left out. What admission puts into all pods of a workload counts.",
    remediation: "Give the image a user, then set runAsNonRoot to true, and runAsUser where the image names its user by name.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_manners(workload, |at| finding(workload, at))
}

/// Whether a container is root, or may be, and root of the node at that.
pub(super) fn may_be_root(workload: &Workload<'_>, at: ContainerAt<'_>) -> bool {
    !is_kept_from_root(workload, at) && workload.spec_of(at).host_users != Some(false)
}

/// No patch: which user the program can run as is for its image to say.
fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    if !may_be_root(workload, at) {
        return None;
    }
    let (user, context) = effective(workload, at, |own| own.run_as_user, |pod| pod.run_as_user);
    let (fact, consequence, severity) = match user {
        Some(_) => (
            "runs as root",
            ", which is root of the node once it gets out.",
            Severity::Medium,
        ),
        None => (
            "may run as root",
            ": its image decides, and nobody says that it must not.",
            Severity::Low,
        ),
    };
    let mut finding = context
        .finding(&CHECK, fact, consequence)
        .witness_at(context.field("runAsUser"), user)
        .witness_at(context.field("runAsNonRoot"), refuses(workload, at));
    finding.severity = severity;
    Some(finding)
}

fn refuses(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<bool> {
    effective(workload, at, |own| own.run_as_non_root, |pod| pod.run_as_non_root).0
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::confinement::fixture::{RESTRICTED, deployment, pod};
    use crate::fixture::{findings, titles};

    fn found(spec: &str) -> Vec<(String, Severity)> {
        let findings = findings(&CHECK, &deployment(spec)).into_iter();
        findings.map(|finding| (finding.title, finding.severity)).collect()
    }

    #[test]
    fn root_that_the_pod_names_is_one_finding_of_the_pod() {
        let spec = "{securityContext: {runAsUser: 0}, containers: [{name: a}, {name: b}]}";
        assert_eq!(found(spec), [("The pod runs as root".to_owned(), Severity::Medium)]);
        let witness = &findings(&CHECK, &deployment(spec))[0].witness[0];
        assert_eq!(witness.path, "spec.template.spec.securityContext.runAsUser");
    }

    #[test]
    fn a_container_wins_over_its_pod() {
        let spec = "{securityContext: {runAsNonRoot: true}, containers: [{name: a, securityContext: {runAsNonRoot: false}}, {name: b}]}";
        assert_eq!(found(spec), [("Container a may run as root".to_owned(), Severity::Low)]);
        let spec =
            "{securityContext: {runAsUser: 7}, containers: [{name: a, securityContext: {runAsUser: 0}}, {name: b}]}";
        assert_eq!(found(spec), [("Container a runs as root".to_owned(), Severity::Medium)]);
        let spec = "{securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: {runAsUser: 7}}]}";
        assert_eq!(found(spec), []);
    }

    #[test]
    fn what_the_kubelet_would_not_start_as_root_passes() {
        assert_eq!(
            found("{containers: [{name: a, securityContext: {runAsNonRoot: true, runAsUser: 0}}]}"),
            []
        );
    }

    #[test]
    fn a_user_namespace_makes_root_harmless() {
        assert_eq!(found("{hostUsers: false, containers: [{name: a}]}"), []);
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert_eq!(titles(&CHECK, &pod), [""; 0]);
    }

    #[test]
    fn admission_may_keep_every_pod_from_root() {
        let template = deployment("{containers: [{name: c}]}");
        assert_eq!(titles(&CHECK, &(template + &pod("a", RESTRICTED))), [""; 0]);
    }
}
