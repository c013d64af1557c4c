//! API servers without the Node authoriser.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, list};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-node-authorization-off",
    title: "API server does not confine kubelets to their own node",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "The Node authoriser lets a kubelet read no more Secrets, ConfigMaps and volumes than those of its \
        own pods. Without it kubelets need a role that reads all of them, and one node that is taken over reads the \
        cluster's.",
    remediation: "Add Node to --authorization-mode in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            list(server, &RULE, |modes| modes.contains(&"Node"))
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--authorization-mode",
    default: "AlwaysAllow",
    risk: "Kubelets are not confined to what the pods of their own node need.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn modes_are_told_apart() {
        for flags in [&[][..], &["--authorization-mode=RBAC"], &["--authorization-mode=node"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--authorization-mode=Node,RBAC"][..],
            &["--authorization-mode=RBAC", "--authorization-mode=Node"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }

    #[test]
    fn a_configuration_file_is_not_evaluated() {
        let pod = api_server("cp1", &["--authorization-config=/etc/kubernetes/authz.yaml"]);
        assert!(
            matches!(outcome(&CHECK, &pod), Outcome::NotEvaluated(reason) if reason.contains("--authorization-config"))
        );
    }
}
