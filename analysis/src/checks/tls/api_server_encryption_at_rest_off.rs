//! API servers that store Secrets unencrypted.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::control_plane::{Component, Rule, all_given, judge as judge_each};
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
    judge: Judge::Cluster(judge),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--encryption-provider-config",
    default: "",
    risk: "Secrets stand in plain text on the disks of etcd and in its backups.",
};

/// What the configuration says stands in a file of the node, and an empty one encrypts nothing.
fn judge(cluster: &Cluster<'_>) -> Outcome {
    match judge_each(cluster, Component::ApiServer, |server| all_given(server, &RULE, &[])) {
        Outcome::Pass => Outcome::Manual(format!(
            "The API server is given a configuration with {}: see on a control-plane node that Secrets are among its \
             resources, and that identity is not their first provider.",
            RULE.flag
        )),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECK, Outcome};
    use crate::control_plane::fixture::{api_server, fails, outcome};

    #[test]
    fn what_a_configuration_encrypts_is_for_a_person_to_read() {
        assert!(fails(&CHECK, "kube-apiserver", &[]));
        let flag = "--encryption-provider-config=/etc/kubernetes/encryption.yaml";
        let given = outcome(&CHECK, &api_server("cp1", &[flag]));
        assert!(matches!(given, Outcome::Manual(look) if look.contains("identity")));
    }
}
