//! Containers that may fill the disk of their node.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerAt, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::resources::given;

/// See its fields.
pub static CHECK: Check = Check {
    id: "container-without-ephemeral-storage-limit",
    title: "Container has no limit of ephemeral storage",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "Logs, what a container writes into its own file system and emptyDir volumes lie on the node's disk. A \
        container that fills it brings the node under disk pressure, and then pods are evicted that did nothing. The \
        default of a LimitRange counts. Static pods are left out.",
    remediation: "Set resources.limits.ephemeral-storage with room for logs and caches, or give the namespace a \
        LimitRange with a default.",
    reads: &workloads_and::<9>(&[Need::Read(Kind::LimitRange)]),
    judge: Judge::Workload(judge),
};

const RESOURCE: &str = "ephemeral-storage";

fn judge<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Outcome {
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let (mut findings, mut unseen) = (Vec::new(), None);
    // An ephemeral container can't have limits.
    for at in workload.containers().filter(|at| at.list != ContainerList::Ephemeral) {
        let limit = |resource: &str| given::limit(cluster, workload, at, resource);
        let lacks = given::lacks(&[RESOURCE], at, "limit", limit);
        if !lacks.missing.is_empty() {
            findings.push(finding(workload, at));
        }
        unseen = unseen.or(lacks.unseen);
    }
    Outcome::of_seen(findings, unseen)
}

fn finding(workload: &Workload<'_>, at: ContainerAt<'_>) -> Finding {
    let name = &at.container.name;
    let limits = at.container.resources.as_ref().map(|resources| &resources.limits);
    let written = limits.and_then(|limits| limits.get(RESOURCE));
    CHECK
        .container_finding(
            workload,
            at,
            format!("Container {name} may fill the disk of its node"),
            format!(
                "Neither container {name} of {} nor a LimitRange bounds what it writes to the node's disk.",
                workload.reference
            ),
        )
        .witness_at(
            workload.container_field(at, "resources.limits.ephemeral-storage"),
            written.map(|quantity| quantity.text.as_str()),
        )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn deployment(limits: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {{containers: [{{name: web, resources: {{limits: {{{limits}}}}}}}]}}}}}}
---
"
        )
    }

    #[test]
    fn other_limits_do_not_bound_the_disk() {
        assert_eq!(
            titles(&CHECK, &deployment("cpu: 1, memory: 1Gi")),
            ["Container web may fill the disk of its node"]
        );
        assert!(titles(&CHECK, &deployment("ephemeral-storage: 1Gi")).is_empty());
    }

    #[test]
    fn the_default_of_a_limit_range_counts_unless_the_container_writes_zero() {
        let range = "
apiVersion: v1
kind: LimitRange
metadata: {name: l, namespace: shop}
spec: {limits: [{type: Container, default: {ephemeral-storage: 2Gi}}]}
";
        assert!(titles(&CHECK, &(deployment("") + range)).is_empty());
        assert_eq!(titles(&CHECK, &(deployment("ephemeral-storage: 0") + range)).len(), 1);
    }
}
