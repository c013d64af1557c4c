//! Kubelets that take requests without a credential.

use shared::probes::Anonymous;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::tls::servers::{not_seen, probe};

/// See its fields.
pub static CHECK: Check = Check {
    id: "kubelet-anonymous-access",
    title: "Kubelet accepts anonymous requests",
    area: Area::Audit,
    severity: Severity::Critical,
    rationale: "A kubelet that answers whoever reaches its port lets him list the pods of its node and, as a rule, run commands \
        in their containers, past the API server and its audit log. Where it only takes such a request for \
        system:anonymous and then forbids it, one careless binding is what is left. This asks each kubelet for its list of \
        pods, without a credential and without reading the list, and only where --probe-kubelets says so.",
    remediation: "Set authentication.anonymous.enabled: false and authorization.mode: Webhook in the kubelet's configuration \
        on the node, and restart it.",
    reads: &[Need::Read(Kind::Node)],
    // No patch: the kubelet's configuration is on its node.
    judge: Judge::Object(&[Kind::Node], judge),
};

fn judge(cluster: &Cluster<'_>, node: &Object) -> Outcome {
    let name = &node.meta().name;
    let probe = match probe(cluster, name) {
        Ok(probe) => probe,
        Err(reason) => return Outcome::NotEvaluated(reason),
    };
    match &probe.anonymous {
        Anonymous::Refused => Outcome::Pass,
        Anonymous::Allowed => Outcome::Fail(vec![finding(
            node,
            Severity::Critical,
            format!("Kubelet of {name} answers anonymous requests"),
            format!(
                "The kubelet at {} answered GET /pods without a credential.",
                probe.address
            ),
            200,
        )]),
        Anonymous::Forbidden => Outcome::Fail(vec![finding(
            node,
            Severity::Medium,
            format!("Kubelet of {name} takes anonymous requests, and forbids them"),
            format!(
                "The kubelet at {} took GET /pods without a credential for a request of system:anonymous, who may not do \
                that: anonymous access is on, and what is bound to system:anonymous and system:unauthenticated decides.",
                probe.address
            ),
            403,
        )]),
        Anonymous::Unknown { reason } => {
            Outcome::NotEvaluated(not_seen(&format!("What the kubelet of {name} answers"), reason))
        }
    }
}

fn finding(node: &Object, severity: Severity, title: String, message: String, status: u16) -> Finding {
    let finding = CHECK.finding(node.reference(), "", title, message);
    let mut finding = finding.witness("GET /pods", format!("HTTP status {status}"));
    finding.severity = severity;
    finding
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shared::probes::{Anonymous, KubeletProbe};
    use shared::verdict::{Severity, Verdict};

    use super::CHECK;
    use crate::fixture::{findings_in, snapshot, verdict};
    use crate::model::Snapshot;

    const NODE: &str = "apiVersion: v1\nkind: Node\nmetadata: {name: n1}";

    fn answering(anonymous: Anonymous) -> Snapshot {
        let mut snapshot = snapshot(NODE);
        let probe = KubeletProbe {
            anonymous,
            ..KubeletProbe::unseen("192.0.2.1:10250", "")
        };
        snapshot.probes.kubelets = Some(BTreeMap::from([("n1".into(), probe)]));
        snapshot
    }

    #[test]
    fn who_is_answered_is_worse_than_who_is_forbidden_and_refusing_passes() {
        for (anonymous, expected) in [
            (Anonymous::Allowed, Some(Severity::Critical)),
            (Anonymous::Forbidden, Some(Severity::Medium)),
            (Anonymous::Refused, None),
        ] {
            let snapshot = answering(anonymous.clone());
            let found = findings_in(&CHECK, &snapshot);
            assert_eq!(found.first().map(|finding| finding.severity), expected, "{anonymous:?}");
            let expected = if expected.is_some() {
                Verdict::Fail
            } else {
                Verdict::Pass
            };
            assert_eq!(verdict(&CHECK, &snapshot), expected);
        }
    }

    #[test]
    fn a_kubelet_that_was_not_called_or_did_not_answer_is_not_evaluated() {
        assert_eq!(verdict(&CHECK, &snapshot(NODE)), Verdict::NotEvaluated);
        let reason = "it refuses connections".to_owned();
        let silent = answering(Anonymous::Unknown { reason });
        assert_eq!(verdict(&CHECK, &silent), Verdict::NotEvaluated);
    }
}
