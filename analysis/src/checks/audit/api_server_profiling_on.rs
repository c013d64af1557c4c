//! API servers that serve profiles of themselves.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-profiling-on",
    title: "API server serves profiles of itself",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "Under /debug/pprof stand the stacks and the memory's use of the process, and a profile costs its \
        time. Whoever may read it learns how the component works inside, and can slow it down.",
    remediation: "Set --profiling=false in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane \
        node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| switch(server, &RULE, false))),
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
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn the_default_and_true_fail_and_false_passes() {
        for flags in [&[][..], &["--profiling"], &["--profiling=true"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [&["--profiling=false"][..], &["--profiling=0"]] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
