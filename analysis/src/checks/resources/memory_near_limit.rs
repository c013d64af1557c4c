//! Containers that are about to be killed for the memory that they use.

use shared::verdict::{Area, Severity};

use super::{Bound, MEMORY, judge_memory};
use crate::check::{Check, Judge, Outcome};
use crate::cluster::{Cluster, Workload};
use crate::model::usage::ContainerUsage;

/// See its fields.
pub static CHECK: Check = Check {
    id: "memory-near-limit",
    title: "Container uses nearly all the memory that it may take",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "A container that reaches its memory limit is killed and started again, and what it was doing is lost. From 90 \
        per cent of the limit on it is reported. The figure is the working set, as metrics.k8s.io gives it: one sample, \
        taken for the snapshot, of the pod that uses most. Part of it may be cache that the kernel would give up first.",
    remediation: "See how its memory goes over some days. If it grows without end, look for the leak; if it stays there, raise the \
        limit and the request with it.",
    reads: MEMORY,
    judge: Judge::Workload(judge),
};

fn judge<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>) -> Outcome {
    let limit = Bound::Limit;
    judge_memory(&CHECK, cluster, workload, limit, is_near, |container, limit| {
        (
            format!("Container {container} uses nearly all of its memory limit"),
            format!(
                "In at least one pod container {container} used 90 % or more of the {limit} of memory that it may take. Beyond \
                 that it is killed."
            ),
        )
    })
}

fn is_near(used: &ContainerUsage, limit: i64) -> bool {
    i128::from(used.memory.most) * 10 >= i128::from(limit) * 9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings_in, measured};
    use crate::model::{Kind, Snapshot};
    use shared::snapshots::Collected;
    use shared::verdict::Verdict;

    fn pod(limits: &str, memory: &str) -> Snapshot {
        let sample = match memory {
            "" => String::new(),
            memory => format!(
                "
---
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {{name: web, namespace: shop}}
timestamp: '2026-11-29T10:00:00Z'
window: 15s
containers: [{{name: web, usage: {{cpu: 3m, memory: {memory}}}}}]
"
            ),
        };
        measured(&format!(
            "
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec: {{containers: [{{name: web, resources: {{limits: {{{limits}}}}}}}]}}
status: {{phase: Running}}{sample}"
        ))
    }

    fn outcome(snapshot: &Snapshot) -> Outcome {
        let cluster = Cluster::new(snapshot, chrono::DateTime::UNIX_EPOCH);
        crate::run::outcomes(&CHECK, &cluster).remove(0).1
    }

    #[test]
    fn ninety_per_cent_is_near_and_less_is_not() {
        assert_eq!(findings_in(&CHECK, &pod("memory: 1000Mi", "900Mi")).len(), 1);
        assert_eq!(outcome(&pod("memory: 1000Mi", "899Mi")), Outcome::Pass);
        assert_eq!(outcome(&pod("", "899Mi")), Outcome::Pass);
    }

    #[test]
    fn what_was_measured_is_evidence_and_in_no_text() {
        let finding = findings_in(&CHECK, &pod("memory: 1000Mi", "951Mi")).remove(0);
        let [limit, used, at] = finding.witness.as_slice() else {
            panic!("{finding:?}")
        };
        assert_eq!((&limit.value, limit.measured), (&"1000Mi".into(), false));
        assert_eq!((&used.value, used.measured), (&"951Mi".into(), true));
        assert_eq!(used.object.to_string(), "PodMetrics shop/web");
        assert_eq!((&at.value, at.measured), (&"2026-11-29T10:00:00Z".into(), true));
        assert!(!(finding.title + &finding.message).contains("951"));
    }

    #[test]
    fn a_running_pod_that_was_not_measured_is_not_evaluated() {
        assert!(matches!(outcome(&pod("memory: 1Gi", "")), Outcome::NotEvaluated(_)));
    }

    #[test]
    fn a_limit_that_makes_no_sense_is_not_passed() {
        assert!(matches!(outcome(&pod("memory: 1e99", "1Gi")), Outcome::NotEvaluated(_)));
    }

    #[test]
    fn without_metrics_it_is_not_evaluated_and_says_why() {
        let mut snapshot = pod("memory: 1Gi", "");
        snapshot.set(Kind::PodMetrics, Collected::Absent, Vec::new());
        let report = crate::run::run_with(
            &[&CHECK],
            &snapshot,
            &crate::settings::NONE,
            chrono::DateTime::UNIX_EPOCH,
        );
        let result = &report.results[0];
        assert_eq!(result.verdict, Verdict::NotEvaluated);
        assert_eq!(result.reason, "The cluster does not serve pods.metrics.k8s.io.");
    }
}
