//! API servers without NodeRestriction.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_off};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-node-restriction-off",
    title: "A kubelet may change other nodes and make any pod",
    area: Area::Admission,
    severity: Severity::High,
    rationale: "NodeRestriction keeps a kubelet to its own Node object and to mirror pods of its own. Without it \
        the credentials of one node can label and taint all others, and create a pod that runs as any service account: \
        one node is then the cluster.",
    remediation: "Add NodeRestriction to --enable-admission-plugins in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_off(server, &RULE, "NodeRestriction", false)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--enable-admission-plugins",
    default: "",
    risk: "NodeRestriction does not run, so the credentials of one node reach all others.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn it_must_be_enabled() {
        for flags in [
            &[][..],
            &["--enable-admission-plugins=Priority"],
            &["--admission-control=Priority"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--enable-admission-plugins=Priority,NodeRestriction"][..],
            &["--admission-control=NodeRestriction"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
