//! Members of etcd that talk to each other without certificates.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-peer-certificate-missing",
    title: "etcd talks to its peers in plain text",
    area: Area::Tls,
    severity: Severity::High,
    rationale: "Members of etcd send each other every object of the cluster. Without certificates they do it in \
        plain text, and take whoever reaches the port of peers for one of them.",
    remediation: "Give etcd --peer-cert-file and --peer-key-file in /etc/kubernetes/manifests/etcd.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::Etcd, |member| {
            all_given(member, &RULE, &["--peer-key-file"])
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--peer-cert-file",
    default: "",
    risk: "What its members send each other can be read and forged on the way.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn both_are_needed() {
        for flags in [&[][..], &["--peer-cert-file=/a.crt"]] {
            assert!(fails(&CHECK, "etcd", flags), "{flags:?}");
        }
        assert!(passes(
            &CHECK,
            "etcd",
            &["--peer-cert-file=/a.crt", "--peer-key-file=/a.key"]
        ));
    }
}
