//! API servers that take static tokens.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, list};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-token-file-set",
    title: "API server takes tokens from a file",
    area: Area::Audit,
    severity: Severity::Medium,
    rationale: "Tokens of a file stand there in plain text, never expire, and change only with a restart of the API \
        server: one that leaks stays good until somebody notices.",
    remediation: "Give people certificates of short life or OIDC and programs service accounts, then remove \
        --token-auth-file in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            list(server, &RULE, |files| files.is_empty())
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--token-auth-file",
    default: "",
    risk: "Its tokens never expire, and can be revoked only by a restart.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_file_fails_and_none_passes() {
        for flags in [
            &["--token-auth-file=/etc/tokens.csv"][..],
            &["--token-auth-file", "/etc/tokens.csv"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [&[][..], &["--token-auth-file="]] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
