//! Members of etcd that ask clients for no certificate.

use serde_json::json;
use shared::object::ObjectRef;
use shared::probes::Handshake;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::control_plane::{Component, Instance, Judged, Rule, judge, switch};
use crate::finding::Finding;
use crate::model::Kind;
use crate::tls::servers::not_seen;

/// See its fields.
pub static CHECK: Check = Check {
    id: "etcd-client-certificates-not-required",
    title: "etcd serves clients that show no certificate",
    area: Area::Tls,
    severity: Severity::Critical,
    rationale: "etcd authenticates clients by their certificates and by nothing else. Where it does not ask, \
        whoever reaches its port reads every Secret and makes himself administrator, past the API server and its audit \
        log. A CA alone (--trusted-ca-file) makes it ask too; the flag says so for everybody. Members that --probe names, by \
        their port 2379, are judged by how they answer as well, and stand for all where no flags can be seen.",
    remediation: "Set --client-cert-auth=true, and --trusted-ca-file to a CA of etcd's own, in \
        /etc/kubernetes/manifests/etcd.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| both(judge(cluster, Component::Etcd, judged), called(cluster))),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--client-cert-auth",
    default: "false",
    risk: "Unless a CA is set, whoever reaches its port has the whole cluster.",
};

/// A CA to verify by makes etcd ask for certificates too, by itself.
fn judged(member: &Instance<'_>) -> Judged {
    let judged = switch(member, &RULE, true);
    match member.is_given("--trusted-ca-file") {
        true => judged.with(Severity::Low),
        false => judged,
    }
}

/// Where etcd serves its clients, by custom.
const PORT: &str = ":2379";

/// Judges the members that were to be called; none where there were none.
fn called(cluster: &Cluster<'_>) -> Option<Outcome> {
    let endpoints = cluster.snapshot.probes.endpoints.iter();
    let members: Vec<_> = endpoints.filter(|(address, _)| address.ends_with(PORT)).collect();
    let (mut findings, mut unseen) = (Vec::new(), None);
    for (address, handshake) in &members {
        match handshake {
            Handshake::Answered { serving } if serving.client_certificate_requested => {}
            Handshake::Answered { .. } => findings.push(open(address, "asks for none in its handshake")),
            Handshake::WithoutTls => findings.push(open(address, "does not speak TLS at all")),
            Handshake::Failed { reason } => _ = unseen.get_or_insert_with(|| not_seen(address, reason)),
        }
    }
    (!members.is_empty()).then(|| Outcome::of_seen(findings, unseen))
}

fn open(address: &str, how: &str) -> Finding {
    let finding = CHECK.finding(
        ObjectRef::cluster(),
        address,
        format!("etcd at {address} serves clients without a certificate"),
        format!("What answers at {address} {how}: whoever reaches it has the whole cluster."),
    );
    finding.witness("clientCertificateRequested", json!(false))
}

/// What flags say, and what members answered.
fn both(flags: Outcome, called: Option<Outcome>) -> Outcome {
    let Some(called) = called else { return flags };
    let (mut findings, mut unseen) = (Vec::new(), None);
    let outcomes = match flags {
        Outcome::NotEvaluated(_) | Outcome::NotApplicable => vec![called],
        flags => vec![flags, called],
    };
    for outcome in outcomes {
        match outcome {
            Outcome::Fail(found) => findings.extend(found),
            Outcome::FailInPart(found, reason) => {
                findings.extend(found);
                unseen.get_or_insert(reason);
            }
            Outcome::NotEvaluated(reason) => _ = unseen.get_or_insert(reason),
            Outcome::NotApplicable | Outcome::Pass | Outcome::Manual(_) => {}
        }
    }
    Outcome::of_seen(findings, unseen)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::probes::Handshake;
    use shared::verdict::{Severity, Verdict};

    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes, static_pod};
    use crate::fixture::{findings_in, severities, snapshot, verdict};
    use crate::tls::fixture::answered;

    const LONG: &str = include_str!("../../tls/fixture/long.pem");

    #[test]
    fn only_true_passes() {
        for flags in [&[][..], &["--client-cert-auth=false"]] {
            assert!(fails(&CHECK, "etcd", flags), "{flags:?}");
        }
        for flags in [&["--client-cert-auth=true"][..], &["--client-cert-auth"]] {
            assert!(passes(&CHECK, "etcd", flags), "{flags:?}");
        }
    }

    #[test]
    fn a_ca_alone_asks_for_certificates_too() {
        let severity = |flags: &[&str]| severities(&CHECK, &static_pod("etcd", "cp1", flags));
        assert_eq!(severity(&["--trusted-ca-file=/ca.crt"]), [Severity::Low]);
        assert_eq!(severity(&[]), [Severity::Critical]);
    }

    /// The verdict, and the subkeys of what was found, where these answered and the manifests are there.
    fn called(manifests: &str, members: &[(&str, Handshake)]) -> (Verdict, Vec<String>) {
        let mut snapshot = snapshot(manifests);
        let member = |(address, handshake): &(&str, Handshake)| ((*address).to_owned(), handshake.clone());
        snapshot.probes.endpoints = members.iter().map(member).collect::<BTreeMap<_, _>>();
        let found = findings_in(&CHECK, &snapshot);
        let subkeys = found.into_iter().map(|finding| finding.subkey).collect();
        (verdict(&CHECK, &snapshot), subkeys)
    }

    #[test]
    fn a_member_that_was_called_is_judged_by_how_it_answers() {
        let asks = ("a:2379", answered(LONG, true));
        assert_eq!(called("", std::slice::from_ref(&asks)), (Verdict::Pass, vec![]));
        let open = [
            asks.clone(),
            ("b:2379", answered(LONG, false)),
            ("c:2379", Handshake::WithoutTls),
        ];
        assert_eq!(
            called("", &open),
            (Verdict::Fail, vec!["b:2379".into(), "c:2379".into()])
        );
        let reason = "it refuses connections".to_owned();
        let silent = ("d:2379", Handshake::Failed { reason });
        assert_eq!(called("", &[asks, silent]), (Verdict::NotEvaluated, vec![]));
    }

    #[test]
    fn what_listens_elsewhere_is_not_taken_for_etcd() {
        let web = ("web:443", answered(LONG, false));
        assert_eq!(called("", std::slice::from_ref(&web)), called("", &[]));
        let flags = static_pod("etcd", "cp1", &["--client-cert-auth=true"]);
        assert_eq!(called(&flags, &[web]), (Verdict::Pass, vec![]));
    }

    #[test]
    fn flags_do_not_excuse_what_answers_and_the_reverse() {
        let right = static_pod("etcd", "cp1", &["--client-cert-auth=true"]);
        let open = ("a:2379", answered(LONG, false));
        assert_eq!(called(&right, &[open]), (Verdict::Fail, vec!["a:2379".into()]));
        let wrong = static_pod("etcd", "cp1", &[]);
        assert_eq!(called(&wrong, &[("a:2379", answered(LONG, true))]).0, Verdict::Fail);
    }
}
