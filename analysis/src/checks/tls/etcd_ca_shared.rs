//! Members of etcd that take every certificate of the cluster for one of a client of theirs.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::control_plane::{Component, Instance, Judged, Rule, instances, judge as judge_each};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-ca-shared",
    title: "etcd trusts the cluster's CA",
    area: Area::Tls,
    severity: Severity::High,
    rationale: "etcd lets every certificate in that its CA has signed, and lets it do everything. Where that is the CA of the \
        cluster's clients, each kubelet's certificate, and each that a CSR yields, opens etcd past the API server.",
    remediation: "Make a CA that signs nothing but certificates of etcd and of its clients, and give it with --trusted-ca-file in \
        /etc/kubernetes/manifests/etcd.yaml on each control-plane node; kubeadm does so by itself.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(judge),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--trusted-ca-file",
    default: "",
    risk: "The API server takes clients of the same CA, so the certificate of any kubelet opens etcd.",
};

const CLIENTS: &str = "--client-ca-file";

/// Files of other names may still hold the same CA: that only a person can see.
fn judge(cluster: &Cluster<'_>) -> Outcome {
    let servers = instances(cluster, Component::ApiServer);
    let of_clients: Vec<&str> = servers
        .instances
        .iter()
        .filter_map(|server| server.flag(CLIENTS))
        .collect();
    match judge_each(cluster, Component::Etcd, |member| judged(member, &of_clients)) {
        Outcome::Pass => Outcome::Manual(format!(
            "etcd is given another file with {} than the API server with {CLIENTS}: see on a control-plane node that they hold \
             different authorities.",
            RULE.flag
        )),
        outcome => outcome,
    }
}

/// Without a CA of its own etcd asks for no certificates, which another check tells.
fn judged(member: &Instance<'_>, of_clients: &[&str]) -> Judged {
    let judged = RULE.judge(member, || {
        Some(member.flag(RULE.flag).is_none_or(|file| !of_clients.contains(&file)))
    });
    match judged {
        Judged::Right if !member.is_given(RULE.flag) => Judged::Irrelevant,
        Judged::Right if of_clients.is_empty() => Judged::Unseen(format!(
            "No API server can be seen to have {CLIENTS}, to compare the CA of etcd with."
        )),
        judged => judged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control_plane::fixture::{api_server, outcome, static_pod};

    fn of(etcd: &[&str], server: &[&str]) -> Outcome {
        let pods = [static_pod("etcd", "cp1", etcd), api_server("cp1", server)];
        outcome(&CHECK, &pods.join("---"))
    }

    #[test]
    fn the_same_file_fails() {
        let outcome = of(&["--trusted-ca-file=/pki/ca.crt"], &["--client-ca-file=/pki/ca.crt"]);
        assert!(matches!(outcome, Outcome::Fail(findings) if findings[0].object.name == "etcd-cp1"));
    }

    #[test]
    fn another_file_is_for_a_person_to_read() {
        let outcome = of(
            &["--trusted-ca-file=/pki/etcd/ca.crt"],
            &["--client-ca-file=/pki/ca.crt"],
        );
        assert!(matches!(outcome, Outcome::Manual(_)));
    }

    #[test]
    fn what_can_not_be_compared_does_not_pass() {
        assert!(matches!(
            of(&["--trusted-ca-file=/pki/ca.crt"], &[]),
            Outcome::NotEvaluated(_)
        ));
        assert_eq!(of(&[], &["--client-ca-file=/pki/ca.crt"]), Outcome::NotApplicable);
    }
}
