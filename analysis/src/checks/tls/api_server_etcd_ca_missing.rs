//! API servers that are given no CA for etcd.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, all_given, judge, stores_in_socket};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-etcd-ca-missing",
    title: "API server does not verify etcd by a CA of its own",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Without --etcd-cafile the API server trusts an etcd whose certificate any public CA has signed, or \
        none where the connection is in plain text: whoever stands between can pass for the cluster's memory.",
    remediation: "Set --etcd-cafile to the CA of etcd in /etc/kubernetes/manifests/kube-apiserver.yaml on each \
        control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--etcd-cafile",
    default: "",
    risk: "It can't tell its etcd from another.",
};

fn judged(server: &Instance<'_>) -> Judged {
    match stores_in_socket(server) {
        true => Judged::Irrelevant,
        false => all_given(server, &RULE, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn a_ca_passes() {
        assert!(fails(&CHECK, "kube-apiserver", &[]));
        assert!(passes(&CHECK, "kube-apiserver", &["--etcd-cafile=/ca.crt"]));
    }

    #[test]
    fn a_socket_needs_none() {
        let of = |servers: &str| outcome(&CHECK, &api_server("cp1", &["--etcd-servers", servers]));
        assert_eq!(of("unix:///run/kine.sock"), Outcome::NotApplicable);
        assert!(matches!(of("unix:///run/kine.sock,http://e1:2379"), Outcome::Fail(_)));
    }
}
