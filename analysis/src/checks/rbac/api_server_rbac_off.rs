//! API servers without RBAC.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, list};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-rbac-off",
    title: "API server does not use RBAC",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Roles and bindings grant nothing where RBAC is not among the modes: who may do what is then decided \
        by something that the cluster does not show, and what it shows means nothing.",
    remediation: "Add RBAC to --authorization-mode in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            list(server, &RULE, |modes| modes.contains(&"RBAC"))
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--authorization-mode",
    default: "AlwaysAllow",
    risk: "Roles and bindings mean nothing there.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn modes_are_told_apart() {
        for flags in [&[][..], &["--authorization-mode=Node,ABAC"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        assert!(passes(&CHECK, "kube-apiserver", &["--authorization-mode=Node,RBAC"]));
    }

    #[test]
    fn a_configuration_file_is_not_evaluated() {
        let pod = api_server("cp1", &["--authorization-config=/etc/kubernetes/authz.yaml"]);
        assert!(
            matches!(outcome(&CHECK, &pod), Outcome::NotEvaluated(reason) if reason.contains("--authorization-config"))
        );
    }
}
