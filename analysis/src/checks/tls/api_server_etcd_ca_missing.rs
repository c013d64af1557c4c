//! API servers that are given no CA for etcd.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-etcd-ca-missing",
    title: "API server does not verify etcd by a CA of its own",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Without --etcd-cafile the API server trusts an etcd whose certificate any public CA has signed, or \
        none where the connection is in plain text: whoever stands between can pass for the cluster's memory.",
    remediation: "Set --etcd-cafile to the CA of etcd in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    controls: &[
        ("CIS 1.12", "1.2.26"),
        ("OWASP K8s 2025", "K07"),
        ("OWASP K8s 2022", "K09"),
        ("MITRE ATT&CK", "T1557"),
    ],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| all_given(server, &RULE, &[]))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--etcd-cafile",
    default: "",
    risk: "It can't tell its etcd from another.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_ca_passes() {
        assert!(fails(&CHECK, "kube-apiserver", &[]));
        assert!(passes(&CHECK, "kube-apiserver", &["--etcd-cafile=/ca.crt"]));
    }
}
