//! Controller managers whose controllers share one identity.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "controller-manager-credentials-shared",
    title: "All controllers act with the same credentials",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "With service accounts of their own, controllers hold no more power than each needs, and the audit \
        log tells them apart. Without, all act with the sum of it.",
    remediation: "Set --use-service-account-credentials=true in \
        /etc/kubernetes/manifests/kube-controller-manager.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ControllerManager, |manager| {
            switch(manager, &RULE, true)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--use-service-account-credentials",
    default: "false",
    risk: "All controllers act as one, with the power of all.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn the_default_fails_and_true_passes() {
        for flags in [&[][..], &["--use-service-account-credentials=false"]] {
            assert!(fails(&CHECK, "kube-controller-manager", flags), "{flags:?}");
        }
        for flags in [
            &["--use-service-account-credentials=true"][..],
            &["--use-service-account-credentials"],
        ] {
            assert!(passes(&CHECK, "kube-controller-manager", flags), "{flags:?}");
        }
    }
}
