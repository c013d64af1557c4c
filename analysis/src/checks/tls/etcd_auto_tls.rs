//! Members of etcd that make their own certificates.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-auto-tls",
    title: "etcd makes its own certificates for clients",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Certificates that etcd makes itself can't be verified by anybody, and those of clients are not \
        asked for: whoever stands between can pass for etcd.",
    remediation: "Remove --auto-tls, and give etcd --cert-file, --key-file and --trusted-ca-file in \
        /etc/kubernetes/manifests/etcd.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::Etcd, |member| switch(member, &RULE, false))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--auto-tls",
    default: "false",
    risk: "No client can verify such a certificate.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_true_fails() {
        for flags in [&["--auto-tls"][..], &["--auto-tls=true"]] {
            assert!(fails(&CHECK, "etcd", flags), "{flags:?}");
        }
        for flags in [&[][..], &["--auto-tls=false"]] {
            assert!(passes(&CHECK, "etcd", flags), "{flags:?}");
        }
    }
}
