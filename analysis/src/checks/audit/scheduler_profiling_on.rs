//! Schedulers that serve profiles of themselves.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "scheduler-profiling-on",
    title: "Scheduler serves profiles of itself",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "Under /debug/pprof stand the stacks and the memory's use of the process, and a profile costs its \
        time. Whoever may read it learns how the component works inside, and can slow it down.",
    remediation: "Set --profiling=false in /etc/kubernetes/manifests/kube-scheduler.yaml on each control-plane \
        node. Where a file is given with --config, set enableProfiling: false there.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::Scheduler, |scheduler| {
            switch(scheduler, &RULE, false)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--profiling",
    default: "true",
    risk: "Under /debug/pprof it tells how it works inside.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{fails, outcome, passes, static_pod};

    #[test]
    fn the_default_and_true_fail_and_false_passes() {
        for flags in [&[][..], &["--profiling"], &["--profiling=true"]] {
            assert!(fails(&CHECK, "kube-scheduler", flags), "{flags:?}");
        }
        for flags in [&["--profiling=false"][..], &["--profiling=0"]] {
            assert!(passes(&CHECK, "kube-scheduler", flags), "{flags:?}");
        }
    }

    #[test]
    fn what_a_configuration_file_decides_is_not_evaluated() {
        let pod = static_pod(
            "kube-scheduler",
            "cp1",
            &["--config=/etc/scheduler.yaml", "--profiling=false"],
        );
        assert!(matches!(outcome(&CHECK, &pod), Outcome::NotEvaluated(reason) if reason.contains("--config")));
    }
}
