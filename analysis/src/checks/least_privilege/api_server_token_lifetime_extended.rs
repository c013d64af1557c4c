//! API servers that let the tokens of pods live for a year.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, switch};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-token-lifetime-extended",
    title: "Tokens of pods stay good for a year",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "Tokens that pods are given are renewed each hour, but the API server takes them for a year, for \
        clients that never read them again. One that leaks is good as long.",
    remediation: "Set --service-account-extend-token-expiration=false in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node. Look at the metric \
        serviceaccount_stale_tokens_total first: it counts clients that need the extension.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| switch(server, &RULE, false))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--service-account-extend-token-expiration",
    default: "true",
    risk: "A pod's token that leaks stays good for up to a year.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn the_default_fails_and_false_passes() {
        for flags in [&[][..], &["--service-account-extend-token-expiration=true"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        assert!(passes(
            &CHECK,
            "kube-apiserver",
            &["--service-account-extend-token-expiration=false"]
        ));
    }
}
