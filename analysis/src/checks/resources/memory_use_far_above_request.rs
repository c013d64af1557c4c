//! Containers that use far more memory than is kept for them.

use shared::verdict::{Area, Severity};

use super::{Bound, MEMORY, judge_memory};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::{Cluster, Workload};
use crate::model::usage::ContainerUsage;

/// Less than this above a request is no burden to a node.
const MUCH: i64 = 256 << 20;

/// See its fields.
pub static CHECK: Check = Check {
    id: "memory-use-far-above-request",
    title: "Container uses far more memory than it asks for",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "The scheduler fills nodes by what pods ask for. One that uses more than twice that, and at least 256 MiB more, takes \
        memory that the node counts as free: when it runs short, the pods that are furthest above their requests are \
        evicted first, and others may be killed with them. It rests on one sample of the pod that uses most, as \
        metrics.k8s.io gives it.",
    remediation: "See how its memory goes over some days, and ask for what it needs at its peak.",
    reads: MEMORY,
    judge: Judge::Workload(judge),
};

fn judge<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Outcome {
    let request = Bound::Request;
    judge_memory(
        &CHECK,
        cluster,
        workload,
        request,
        is_far_above,
        |container, request| {
            (
                format!("Container {container} uses far more memory than it asks for"),
                format!(
                    "Container {container} asks for {request} of memory, and used more than twice as much in at least one pod. When \
                 its node runs short of memory, such pods are evicted first."
                ),
            )
        },
    )
}

fn is_far_above(used: &ContainerUsage, request: i64) -> bool {
    let above = used.memory.most.saturating_sub(request);
    above > request && above >= MUCH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::usage::Spread;

    fn is_found(most: i64, request: i64) -> bool {
        let memory = Spread {
            total: most << 20,
            most: most << 20,
        };
        let used = ContainerUsage {
            pods: 1,
            memory,
            ..ContainerUsage::default()
        };
        is_far_above(&used, request << 20)
    }

    #[test]
    fn twice_the_request_is_borne_and_more_is_not() {
        assert!(!is_found(1024, 512));
        assert!(is_found(1025, 512));
    }

    #[test]
    fn a_small_container_is_no_burden() {
        assert!(!is_found(200, 32));
        assert!(is_found(288, 32));
    }
}
