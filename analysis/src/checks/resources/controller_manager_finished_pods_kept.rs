//! Controller managers that keep too many pods that have ended.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, number};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "controller-manager-finished-pods-kept",
    title: "Pods that have ended pile up",
    area: Area::Resources,
    severity: Severity::Low,
    rationale: "Pods that have ended stay until there are more than the threshold. Without one, or with a high one, \
        they fill etcd and slow down whatever lists pods.",
    remediation: "Set --terminated-pod-gc-threshold to a number that your jobs need, at most the default of 12500, \
        in /etc/kubernetes/manifests/kube-controller-manager.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ControllerManager, |manager| {
            number(manager, &RULE, Some(DEFAULT), |pods| (1..=DEFAULT).contains(&pods))
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--terminated-pod-gc-threshold",
    default: "12500",
    risk: "Pods that have ended pile up in etcd: 0 and less set no limit.",
};

const DEFAULT: i64 = 12_500;

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn none_or_more_than_the_default_fails() {
        for flags in [
            &["--terminated-pod-gc-threshold=0"][..],
            &["--terminated-pod-gc-threshold=-1"],
            &["--terminated-pod-gc-threshold=20000"],
        ] {
            assert!(fails(&CHECK, "kube-controller-manager", flags), "{flags:?}");
        }
        for flags in [&[][..], &["--terminated-pod-gc-threshold=100"]] {
            assert!(passes(&CHECK, "kube-controller-manager", flags), "{flags:?}");
        }
    }
}
