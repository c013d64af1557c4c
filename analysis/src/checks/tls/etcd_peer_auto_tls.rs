//! Members of etcd that make their own certificates for peers.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-peer-auto-tls",
    title: "etcd makes its own certificates for peers",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Certificates that members make themselves can't be verified by the others: whoever reaches the port \
        of peers can pass for a member.",
    remediation: "Remove --peer-auto-tls, and give etcd --peer-cert-file, --peer-key-file and \
        --peer-trusted-ca-file in /etc/kubernetes/manifests/etcd.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::Etcd, |member| switch(member, &RULE, false))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--peer-auto-tls",
    default: "false",
    risk: "No other member can verify such a certificate.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_true_fails() {
        assert!(fails(&CHECK, "etcd", &["--peer-auto-tls"]));
        for flags in [&[][..], &["--peer-auto-tls=false"]] {
            assert!(passes(&CHECK, "etcd", flags), "{flags:?}");
        }
    }
}
