//! API servers that talk to etcd without a certificate.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Instance, Judged, Rule, all_given, judge, stores_in_socket};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-etcd-certificate-missing",
    title: "API server shows etcd no certificate",
    area: Area::Tls,
    severity: Severity::High,
    rationale: "An API server that needs no certificate for etcd talks to one that asks nobody for any: whoever \
        reaches that etcd reads every Secret, and writes what the cluster is.",
    remediation: "Make etcd require client certificates, and give the API server --etcd-certfile and --etcd-keyfile \
        in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| judge(cluster, Component::ApiServer, judged)),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--etcd-certfile",
    default: "",
    risk: "The etcd behind it asks for no certificate, so whoever reaches it has the whole cluster.",
};

fn judged(server: &Instance<'_>) -> Judged {
    match stores_in_socket(server) {
        true => Judged::Irrelevant,
        false => all_given(server, &RULE, &["--etcd-keyfile"]),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::control_plane::fixture::{api_server, fails, outcome, passes};

    #[test]
    fn both_are_needed() {
        for flags in [&[][..], &["--etcd-certfile=/a.crt"]] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        assert!(passes(
            &CHECK,
            "kube-apiserver",
            &["--etcd-certfile=/a.crt", "--etcd-keyfile=/a.key"]
        ));
    }

    #[test]
    fn a_socket_needs_none() {
        let of = |servers: &str| outcome(&CHECK, &api_server("cp1", &["--etcd-servers", servers]));
        assert_eq!(of("unix:///run/kine.sock"), Outcome::NotApplicable);
        assert!(matches!(of("unix:///run/kine.sock,http://e1:2379"), Outcome::Fail(_)));
    }
}
