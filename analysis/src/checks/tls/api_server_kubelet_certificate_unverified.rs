//! API servers that do not verify the certificates of kubelets.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-kubelet-certificate-unverified",
    title: "API server does not verify kubelets",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Without a CA to verify kubelets by, whoever stands between the API server and a node can pass for \
        its kubelet: read what is typed into exec and what logs show, and answer in its place.",
    remediation: "Let kubelets get serving certificates from the cluster's CA (serverTLSBootstrap: true, and \
        approve the requests), then set --kubelet-certificate-authority in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| all_given(server, &RULE, &[]))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--kubelet-certificate-authority",
    default: "",
    risk: "Whoever stands between it and a node can pass for the kubelet.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_ca_passes() {
        for flags in [&[][..], &["--kubelet-certificate-authority="]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--kubelet-certificate-authority=/ca.crt"][..],
            &["--kubelet-certificate-authority", "/ca.crt"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
