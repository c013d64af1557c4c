//! Policies that let in every address.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::address::Addresses;
use crate::network::namespaced;
use crate::network::rule::{Peer, Peers, Rule};
use crate::network::written::shown;

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-lets-in-all-addresses",
    title: "Network policy lets in every address",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "A rule with 0.0.0.0/0 or ::/0, or without any peer, lets in every pod of the cluster and whoever outside can route to \
        it. Behind a load balancer that may be meant, on its ports; elsewhere the policy restricts little.",
    remediation: "Name who connects: pods by their labels, load balancers and networks by the blocks of their addresses. Name the \
        ports where everyone is meant.",
    reads: &[Need::Read(Kind::NetworkPolicy)],
    judge: Judge::Object(&[Kind::NetworkPolicy], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::NetworkPolicy(policy) = object else {
        return Outcome::NotApplicable;
    };
    // Of one that is not valid another check says so.
    let Ok(policy) = namespaced::read(policy) else {
        return Outcome::NotApplicable;
    };
    let rules = policy.ingress.iter().flatten();
    let open: Vec<&Rule> = rules.filter(|rule| is_open(&rule.peers)).collect();
    if open.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(object, &open)])
}

/// Whether every address of a family is let in, be it in several blocks.
fn is_open(peers: &Peers) -> bool {
    let Peers::Any(peers) = peers else {
        return true;
    };
    let blocks = peers.iter().flat_map(|peer| match peer {
        Peer::Addresses(addresses) => addresses.blocks(),
        Peer::Pods(_) | Peer::Nodes(_) => Vec::new(),
    });
    let together = Addresses::blocks_of(blocks);
    together.blocks().iter().any(|block| block.prefix_len() == 0)
}

fn finding(object: &Object, open: &[&Rule]) -> Finding {
    let reference = object.reference();
    let is_whole = open.iter().any(|rule| rule.ports.fixed.is_all());
    let on = if is_whole { "every port" } else { "some ports" };
    let title = format!("{reference} lets in every address");
    let message = format!("{title} on {on}, inside the cluster and outside of it.");
    let paths: Vec<String> = open
        .iter()
        .map(|rule| format!("spec.ingress[{}]", rule.place))
        .collect();
    let mut finding = shown(CHECK.finding(reference, "", title, message), object, &paths);
    if !is_whole {
        finding.severity = Severity::Low;
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::super::fixtures::policy;
    use super::CHECK;
    use crate::fixture::severities;

    fn found(rules: &str) -> Vec<Severity> {
        severities(&CHECK, &policy("shop", "p", &format!("{{podSelector: {{}}, {rules}}}")))
    }

    #[test]
    fn every_address_fails_however_it_is_written_and_is_less_bad_on_some_ports() {
        for rules in [
            "ingress: [{}]",
            "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]",
            "ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]",
            "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]",
        ] {
            assert_eq!(found(rules), [Severity::Medium], "{rules}");
        }
        assert_eq!(found("ingress: [{ports: [{port: 443}]}]"), [Severity::Low]);
    }

    #[test]
    fn some_addresses_pods_and_egress_pass() {
        for rules in [
            "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]",
            "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]",
            "ingress: [{from: [{namespaceSelector: {}}]}]",
            "ingress: []",
            "policyTypes: [Egress], egress: [{}]",
        ] {
            assert_eq!(found(rules), [], "{rules}");
        }
    }
}
