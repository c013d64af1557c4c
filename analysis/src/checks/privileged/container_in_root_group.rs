//! Containers that are told to run in the group of root.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{effective, judge_manners};
use crate::finding::Finding;
use crate::model::security_context::PodSecurityContext;

/// See its fields.
pub static CHECK: Check = Check {
    id: "container-in-root-group",
    title: "Container runs in the group of root",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "Files of the image and of mounted volumes often belong to the group of root, which may then write them: a program \
        under another user is confined less than it seems. Only what is set is counted (runAsGroup, fsGroup and \
        supplementalGroups of 0), since the group of the image cannot be seen. Static pods are left out.",
    remediation: "Set runAsGroup to a group of the program's own, and give its files to that group in the image.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let of_containers = match judge_manners(workload, |at| run_as_group(workload, at)) {
        Outcome::Fail(findings) => findings,
        Outcome::Pass => Vec::new(),
        other => return other,
    };
    let of_pod = workload
        .spec
        .security_context
        .iter()
        .flat_map(|context| groups(workload, context));
    Outcome::of(of_containers.into_iter().chain(of_pod).collect())
}

/// No patch: which group owns what the program needs is for its image to say.
fn run_as_group(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (group, context) = effective(workload, at, |own| own.run_as_group, |pod| pod.run_as_group);
    let consequence = ", and may do with files what they allow to that group.";
    (group == Some(0)).then(|| {
        context
            .finding(&CHECK, "runs in the group of root", consequence)
            .witness_at(context.field("runAsGroup"), 0)
    })
}

/// The groups that only a pod can set.
fn groups(workload: &Workload<'_>, context: &PodSecurityContext) -> Vec<Finding> {
    let of_volumes = (context.fs_group == Some(0)).then(|| ("fsGroup", json!(0)));
    let more = &context.supplemental_groups;
    let supplemental = more.contains(&0).then(|| ("supplementalGroups", json!(more)));
    let finding = |(field, value)| {
        let title = format!("The pod puts its containers into the group of root by {field}");
        let message = format!(
            "Containers of {} are in the group of root besides their own.",
            workload.reference
        );
        CHECK
            .finding(workload.reference.clone(), field, title, message)
            .witness(workload.spec_path(&format!("securityContext.{field}")), value)
    };
    of_volumes.into_iter().chain(supplemental).map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::{findings, titles};

    fn subkeys(spec: &str) -> Vec<String> {
        let findings = findings(&CHECK, &deployment(spec)).into_iter();
        findings.map(|finding| finding.subkey).collect()
    }

    #[test]
    fn only_a_group_that_is_set_counts() {
        assert_eq!(subkeys("{containers: [{name: a}]}"), [""; 0]);
        assert_eq!(
            titles(
                &CHECK,
                &deployment("{containers: [{name: a, securityContext: {runAsGroup: 0}}]}")
            ),
            ["Container a runs in the group of root"]
        );
    }

    #[test]
    fn the_group_of_the_pod_is_one_finding_unless_containers_have_their_own() {
        let spec = "{securityContext: {runAsGroup: 0}, containers: [{name: a}, {name: b}]}";
        assert_eq!(subkeys(spec), [""]);
        let spec = "{securityContext: {runAsGroup: 0}, containers: [{name: a, securityContext: {runAsGroup: 7}}]}";
        assert_eq!(subkeys(spec), [""; 0]);
    }

    #[test]
    fn groups_of_volumes_and_more_groups_are_told_apart() {
        let spec = "{securityContext: {fsGroup: 0, supplementalGroups: [7, 0]}, containers: [{name: a}]}";
        assert_eq!(subkeys(spec), ["fsGroup", "supplementalGroups"]);
        let spec = "{securityContext: {fsGroup: 7, supplementalGroups: [7]}, containers: [{name: a}]}";
        assert_eq!(subkeys(spec), [""; 0]);
    }
}
