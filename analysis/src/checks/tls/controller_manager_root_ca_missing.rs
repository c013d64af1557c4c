//! Controller managers that are given no CA for pods.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "controller-manager-root-ca-missing",
    title: "Pods are not given the CA of the API server",
    area: Area::Tls,
    severity: Severity::Low,
    rationale: "The controller manager publishes the CA by which pods verify the API server. Without the file it \
        publishes what its own kubeconfig holds, if anything; pods that have none skip verification, or fail.",
    remediation: "Set --root-ca-file to the cluster's CA in /etc/kubernetes/manifests/kube-controller-manager.yaml \
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
    flag: "--root-ca-file",
    default: "",
    risk: "Pods may have no CA to verify the API server by.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_ca_passes() {
        assert!(fails(&CHECK, "kube-controller-manager", &[]));
        assert!(passes(&CHECK, "kube-controller-manager", &["--root-ca-file=/ca.crt"]));
    }
}
