//! API servers that serve a certificate of their own making.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-tls-certificate-missing",
    title: "API server makes its own certificate",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Without a certificate the API server signs one itself, which clients can't verify: they learn to \
        skip verification, and then whoever stands between reads their tokens.",
    remediation: "Give the API server --tls-cert-file and --tls-private-key-file in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            all_given(server, &RULE, &["--tls-private-key-file"])
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--tls-cert-file",
    default: "",
    risk: "It makes a certificate that no client can verify.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn both_are_needed() {
        for flags in [&[][..], &["--tls-cert-file=/a.crt"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        assert!(passes(
            &CHECK,
            "kube-apiserver",
            &["--tls-cert-file=/a.crt", "--tls-private-key-file=/a.key"]
        ));
    }
}
