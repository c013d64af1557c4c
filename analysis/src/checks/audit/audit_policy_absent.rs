//! API servers without an audit policy.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "audit-policy-absent",
    title: "API server has no audit policy",
    area: Area::Audit,
    severity: Severity::Medium,
    rationale: "The audit policy says which events are recorded and how much of each. Without one the API server records \
        nothing, even where a log is set up.",
    remediation: "Write a policy that records at least Metadata for Secrets, RBAC and exec, and give it to the API server with \
        --audit-policy-file, in its static pod's manifest on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| all_given(server, &RULE, &[]))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--audit-policy-file",
    default: "",
    risk: "It records no events.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::api_server;
    use crate::fixture::titles;

    #[test]
    fn a_policy_file_passes() {
        assert!(
            titles(
                &CHECK,
                &api_server("cp1", &["--audit-policy-file=/etc/kubernetes/policy.yaml"])
            )
            .is_empty()
        );
    }

    #[test]
    fn a_log_without_a_policy_fails() {
        assert_eq!(
            titles(&CHECK, &api_server("cp1", &["--audit-log-path=/var/log/audit.log"])),
            ["API server has no audit policy"]
        );
    }
}
