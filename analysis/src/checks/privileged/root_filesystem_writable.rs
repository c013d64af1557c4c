//! Containers that may change their own programs.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::confinement::{effective_own, judge_manners};
use crate::finding::Finding;

/// See its fields.
pub static CHECK: Check = Check {
    id: "root-filesystem-writable",
    title: "Container may write its root file system",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "Whoever takes over a program can put tools beside it, and change what it runs, for as long as the container lives; \
        and what the program writes there fills the node's disk. What admission puts into all pods of a workload counts; static \
        pods are left out.",
    remediation: "Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program writes: mostly /tmp, \
        and a directory for caches or its process number.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    judge_manners(workload, |at| finding(workload, at))
}

/// No patch: where the program writes is not known.
fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Option<Finding> {
    let (read_only, context) = effective_own(workload, at, |own| own.read_only_root_filesystem);
    let name = &at.container.name;
    (read_only != Some(true)).then(|| {
        CHECK
            .container_finding(
                workload,
                at,
                format!("Container {name} may write its root file system"),
                format!(
                    "Whoever takes over container {name} of {} may change its programs.",
                    workload.reference
                ),
            )
            .witness_at(context.field("readOnlyRootFilesystem"), read_only)
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::titles;

    #[test]
    fn only_true_makes_it_read_only() {
        let spec = "{containers: [{name: a, securityContext: {readOnlyRootFilesystem: true}}, {name: b}, {name: c, securityContext: {readOnlyRootFilesystem: false}}]}";
        assert_eq!(
            titles(&CHECK, &deployment(spec)),
            [
                "Container b may write its root file system",
                "Container c may write its root file system"
            ]
        );
    }

    #[test]
    fn static_pods_are_left_out() {
        let pod = crate::control_plane::fixture::api_server("cp1", &[]);
        assert_eq!(titles(&CHECK, &pod), [""; 0]);
    }
}
