//! Policies that let in pods by their labels, wherever they are.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::network_policy::NetworkPolicyPeer;
use crate::model::{Kind, Object};
use crate::network::rule::Direction;
use crate::network::written::{rules, shown};
use crate::selector;

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-peer-of-all-namespaces",
    title: "Network policy lets in pods of any namespace by their labels",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "A podSelector beside an empty namespaceSelector means pods with these labels in every namespace, while without it \
        those of the policy's own namespace are meant. Labels of pods are chosen by whoever makes them: who may make pods in any \
        namespace is let in.",
    remediation: "Leave the namespaceSelector out where the policy's own namespace is meant, or name the namespaces by their labels.",
    reads: &[Need::Read(Kind::NetworkPolicy)],
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    let rules = rules(policy);
    let ingress = rules.iter().filter(|rule| rule.direction == Direction::Ingress);
    let peers = ingress.flat_map(|rule| {
        let peers = rule.peers.iter().enumerate();
        let anywhere = peers.filter(|(_, peer)| is_anywhere(peer));
        anywhere.map(|(place, _)| rule.peer(place))
    });
    let found: Vec<String> = peers.collect();
    if found.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(object, &found)])
}

fn is_anywhere(peer: &NetworkPolicyPeer) -> bool {
    let is_named = peer.pod_selector.as_ref().is_some_and(|pods| !selector::is_empty(pods));
    is_named && peer.namespace_selector.as_ref().is_some_and(selector::is_empty)
}

fn finding(object: &Object, peers: &[String]) -> Finding {
    let reference = object.reference();
    let title = format!("{reference} lets in pods of any namespace by their labels");
    let message = format!("{title}: an empty namespaceSelector beside a podSelector stands for all namespaces.");
    shown(CHECK.finding(reference, "", title, message), object, peers)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::policy;
    use super::CHECK;
    use crate::fixture::findings;

    fn paths(peers: &str) -> Vec<String> {
        let spec = format!("{{podSelector: {{}}, ingress: [{{from: [{peers}]}}]}}");
        let found = findings(&CHECK, &policy("shop", "p", &spec)).into_iter();
        found
            .flat_map(|finding| finding.witness)
            .map(|witness| witness.path)
            .collect()
    }

    #[test]
    fn pods_by_label_in_every_namespace_fail_and_are_shown() {
        assert_eq!(
            paths("{podSelector: {}}, {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}"),
            ["spec.ingress[0].from[1]"]
        );
    }

    #[test]
    fn pods_of_named_namespaces_of_the_own_and_all_pods_pass() {
        for peers in [
            "{podSelector: {matchLabels: {app: web}}}",
            "{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: web}}}",
            "{namespaceSelector: {}}",
            "{namespaceSelector: {}}, {podSelector: {matchLabels: {app: web}}}",
        ] {
            assert_eq!(paths(peers), [""; 0], "{peers}");
        }
    }
}
