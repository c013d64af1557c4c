//! Workloads that nobody gave a namespace.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};

/// See its fields.
pub static CHECK: Check = Check {
    id: "workload-in-default-namespace",
    title: "Workload runs in the default namespace",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "Roles, quotas, network policies and Pod Security levels are given by namespace. What runs in the one that is there by \
        default shares them with all that was put there without a thought, its service account and its Secrets included.",
    remediation: "Give each application a namespace of its own and deploy it there. It has to be made anew: an object cannot change \
        its namespace.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(_: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if workload.reference.namespace != "default" {
        return Outcome::Pass;
    }
    let title = format!("{} runs in the default namespace", workload.reference);
    let message = format!(
        "{} shares roles, quotas and policies with whatever else is put there.",
        workload.reference
    );
    let finding = CHECK
        .finding(workload.reference.clone(), "", title, message)
        .witness("metadata.namespace", "default");
    Outcome::Fail(vec![finding])
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::titles;

    #[test]
    fn only_the_default_namespace_counts() {
        let web = deployment("{containers: [{name: c}]}");
        assert_eq!(titles(&CHECK, &web), [""; 0]);
        assert_eq!(
            titles(&CHECK, &web.replace("namespace: shop", "namespace: default")),
            ["Deployment default/web runs in the default namespace"]
        );
    }
}
