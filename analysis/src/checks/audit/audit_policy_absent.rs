//! API servers without an audit policy.

use shared::verdict::{Area, Severity};

use crate::audit::api_server::{ApiServer, judge};
use crate::check::{Check, Judge, Need};
use crate::finding::Finding;
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
    judge: Judge::Cluster(|cluster| judge(cluster, finding)),
};

fn finding(server: &ApiServer<'_>) -> Option<Finding> {
    let message = format!("{} has no --audit-policy-file, so it records no events.", server.pod);
    let finding = || {
        CHECK
            .finding(server.pod.clone(), "", CHECK.title, message)
            .witness(server.path("--audit-policy-file"), serde_json::Value::Null)
    };
    (!server.names_a_file("--audit-policy-file")).then(finding)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::audit::api_server::fixture::api_server;
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
