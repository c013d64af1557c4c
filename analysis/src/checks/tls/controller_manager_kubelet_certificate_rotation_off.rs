//! Controller managers with the renewal of kubelets' serving certificates switched off.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, list, switch_value};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "controller-manager-kubelet-certificate-rotation-off",
    title: "Serving certificates of kubelets are not renewed",
    area: Area::Tls,
    severity: Severity::Low,
    rationale: "RotateKubeletServerCertificate lets kubelets ask for new serving certificates before theirs expire. \
        Switched off, they expire, and verification of kubelets ends with them.",
    remediation: "Remove RotateKubeletServerCertificate=false from --feature-gates in \
        /etc/kubernetes/manifests/kube-controller-manager.yaml on each control-plane node. The default is true.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ControllerManager, |manager| {
            list(manager, &RULE, |gates| !gates.iter().any(|gate| is_off(gate)))
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--feature-gates",
    default: "",
    risk: "Kubelets can't renew their serving certificates.",
};

fn is_off(gate: &str) -> bool {
    let (name, value) = gate.split_once('=').unwrap_or((gate, ""));
    name.trim() == "RotateKubeletServerCertificate" && switch_value(value.trim()) == Some(false)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_switching_it_off_fails() {
        for flags in [
            &["--feature-gates=A=true,RotateKubeletServerCertificate=false"][..],
            &[
                "--feature-gates=RotateKubeletServerCertificate=false",
                "--feature-gates=A=true",
            ],
        ] {
            assert!(fails(&CHECK, "kube-controller-manager", flags), "{flags:?}");
        }
        for flags in [&[][..], &["--feature-gates=RotateKubeletServerCertificate=true"]] {
            assert!(passes(&CHECK, "kube-controller-manager", flags), "{flags:?}");
        }
    }
}
