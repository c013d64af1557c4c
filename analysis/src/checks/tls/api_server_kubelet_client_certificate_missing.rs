//! API servers that call kubelets without a certificate.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-kubelet-client-certificate-missing",
    title: "API server shows kubelets no certificate",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "The API server calls kubelets for logs and exec. Without a client certificate kubelets must take \
        it, and so everybody else, without credentials, or these calls fail.",
    remediation: "Give the API server --kubelet-client-certificate and --kubelet-client-key in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            all_given(server, &RULE, &["--kubelet-client-key"])
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--kubelet-client-certificate",
    default: "",
    risk: "Kubelets can tell it from nobody else.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn both_are_needed() {
        for flags in [
            &[][..],
            &["--kubelet-client-certificate=/a.crt"],
            &["--kubelet-client-key=/a.key"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        assert!(passes(
            &CHECK,
            "kube-apiserver",
            &["--kubelet-client-certificate=/a.crt", "--kubelet-client-key=/a.key"]
        ));
    }
}
