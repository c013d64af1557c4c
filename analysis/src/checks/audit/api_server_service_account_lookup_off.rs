//! API servers that take tokens of service accounts that are gone.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-service-account-lookup-off",
    title: "Tokens of deleted service accounts stay good",
    area: Area::Audit,
    severity: Severity::Medium,
    rationale: "Without the look-up only a token's signature counts: it stays good after its service account, its \
        Secret or its pod is deleted, so what has leaked can't be revoked.",
    remediation: "Remove --service-account-lookup=false in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node. The default is true.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| switch(server, &RULE, true))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--service-account-lookup",
    default: "true",
    risk: "The token of a service account stays good after the account is deleted.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_false_fails() {
        assert!(fails(&CHECK, "kube-apiserver", &["--service-account-lookup=false"]));
        for flags in [
            &[][..],
            &["--service-account-lookup"],
            &["--service-account-lookup=true"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
