//! API servers that authorise everything.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, list};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-authorization-always-allow",
    title: "API server allows every request",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "AlwaysAllow lets every authenticated request through, and with anonymous authentication, which is \
        on by default, everybody's: whoever reaches the API server owns the cluster. It is the default where no mode \
        is named.",
    remediation: "Set --authorization-mode=Node,RBAC in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            list(server, &RULE, |modes| {
                !modes.is_empty() && !modes.contains(&"AlwaysAllow")
            })
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--authorization-mode",
    default: "AlwaysAllow",
    risk: "Every request is allowed, so whoever reaches the API server owns the cluster.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn modes_are_told_apart() {
        for flags in [
            &[][..],
            &["--authorization-mode=AlwaysAllow"],
            &["--authorization-mode=Node,RBAC,AlwaysAllow"],
            &["--authorization-mode="],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--authorization-mode=Node,RBAC"][..],
            &["--authorization-mode=Webhook"],
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
