//! Containers for which far more memory is kept than they use.

use shared::verdict::{Area, Severity};

use super::{Bound, MEMORY, judge_memory};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::{Cluster, Workload};
use crate::model::usage::ContainerUsage;

/// Less than this, in all pods of a workload together, is not worth a change.
const MUCH: i64 = 1 << 30;

/// See its fields.
pub static CHECK: Check = Check {
    id: "memory-request-far-above-use",
    title: "Container asks for far more memory than it uses",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "What a container asks for is kept for it, whether it is used or not: other pods find no room, quotas fill up, and \
        nodes are paid for that do nothing. Reported is what uses less than a fifth of its request in every pod and leaves \
        at least 1 GiB in all of them together. It rests on one sample, as metrics.k8s.io gives it: a peak that comes \
        once a day may not be in it. CPU is not judged, since it comes and goes within seconds.",
    remediation: "See how its memory goes over some days, and ask for what it needs at its peak, with some room.",
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
        is_far_below,
        |container, request| {
            (
                format!("Container {container} asks for far more memory than it uses"),
                format!(
                    "Container {container} asks for {request} of memory in each pod, and used less than a fifth of it in every pod that \
                 was measured. No other pod can have the rest."
                ),
            )
        },
    )
}

fn is_far_below(used: &ContainerUsage, request: i64) -> bool {
    let kept = request.saturating_mul(i64::from(used.pods));
    used.memory.most < request / 5 && kept.saturating_sub(used.memory.total) >= MUCH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::usage::Spread;

    fn is_found(pods: &[i64], request: i64) -> bool {
        let memory = Spread {
            total: pods.iter().sum::<i64>() << 20,
            most: pods.iter().copied().max().unwrap_or_default() << 20,
        };
        let used = ContainerUsage {
            pods: u32::try_from(pods.len()).unwrap(),
            memory,
            ..ContainerUsage::default()
        };
        is_far_below(&used, request << 20)
    }

    #[test]
    fn a_fifth_in_one_pod_is_enough_use() {
        assert!(is_found(&[100, 50], 2048));
        assert!(!is_found(&[500, 50], 2048));
    }

    #[test]
    fn what_is_left_in_all_pods_counts_together() {
        assert!(!is_found(&[10, 10], 512));
        assert!(is_found(&[10, 10, 10], 512));
    }
}
