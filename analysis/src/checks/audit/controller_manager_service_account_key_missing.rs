//! Controller managers that can sign no service account tokens.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "controller-manager-service-account-key-missing",
    title: "Controller manager has no key for service account tokens",
    area: Area::Audit,
    severity: Severity::Low,
    rationale: "The controller manager signs the tokens of Secrets for service accounts by this key. Without a pair \
        of its own, tokens are signed by another component's key or not at all, and it can't be replaced by itself.",
    remediation: "Set --service-account-private-key-file in /etc/kubernetes/manifests/kube-controller-manager.yaml \
        on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ControllerManager, |manager| {
            all_given(manager, &RULE, &[])
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--service-account-private-key-file",
    default: "",
    risk: "It can't sign tokens of service accounts by a key of their own.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_key_passes() {
        assert!(fails(&CHECK, "kube-controller-manager", &[]));
        assert!(passes(
            &CHECK,
            "kube-controller-manager",
            &["--service-account-private-key-file=/sa.key"]
        ));
    }
}
