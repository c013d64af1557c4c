//! API servers that store Secrets unencrypted.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, all_given, judge};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-encryption-at-rest-off",
    title: "Secrets are stored in plain text",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Without encryption at rest every Secret stands readable in the files of etcd: on its disks, in its \
        backups, and for whoever gets hold of either.",
    remediation: "Write an EncryptionConfiguration that encrypts Secrets, with a KMS provider or secretbox, give it \
        with --encryption-provider-config in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node, \
        and write all Secrets anew.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, |server| all_given(server, &RULE, &[]))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--encryption-provider-config",
    default: "",
    risk: "Secrets stand in plain text on the disks of etcd and in its backups.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn a_configuration_passes() {
        assert!(fails(&CHECK, "kube-apiserver", &[]));
        assert!(passes(
            &CHECK,
            "kube-apiserver",
            &["--encryption-provider-config=/etc/kubernetes/encryption.yaml"]
        ));
    }
}
