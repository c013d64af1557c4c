//! API servers that are given no CA for clients.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-client-ca-missing",
    title: "API server takes no client certificates",
    area: Area::Tls,
    severity: Severity::Low,
    rationale: "Kubelets and the components of the control plane prove who they are by certificates. Without a CA \
        for clients they must use tokens of long life instead.",
    remediation: "Set --client-ca-file to the cluster's CA in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| all_given(server, &RULE, &[]))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--client-ca-file",
    default: "",
    risk: "No client can prove who it is by a certificate.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_ca_passes() {
        assert!(fails(&CHECK, "kube-apiserver", &[]));
        assert!(passes(&CHECK, "kube-apiserver", &["--client-ca-file=/ca.crt"]));
    }
}
