//! Rules about nobody.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::network::default_deny::CLUSTER_WIDE;
use crate::network::evaluated::Evaluated;
use crate::network::rule::{Direction, Peer, Peers, Policy, Rule, Tier};
use crate::network::written::shown;

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-rule-matches-nothing",
    title: "A rule of the policy matches nobody",
    area: Area::Network,
    severity: Severity::Low,
    rationale: "A rule whose peers are no pods that are there does nothing. Most often a label is misspelt, a namespace lacks the \
        label that is asked for, or the peers are on the network of their node, where a selector of pods does not find them. \
        Whoever makes pods with these labels later is let through.",
    remediation: "Correct the selectors, or delete the rule. Pods on the network of their node are named by an ipBlock of the \
        nodes' addresses.",
    reads: &workloads_and::<13>(&[
        Need::Read(Kind::Namespace),
        Need::Read(Kind::NetworkPolicy),
        CLUSTER_WIDE[0],
        CLUSTER_WIDE[1],
        CLUSTER_WIDE[2],
    ]),
    judge: Judge::Object(
        &[
            Kind::NetworkPolicy,
            Kind::ClusterNetworkPolicy,
            Kind::AdminNetworkPolicy,
            Kind::BaselineAdminNetworkPolicy,
        ],
        judge,
    ),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let evaluated = cluster.network();
    let policy = evaluated.policy(&object.reference());
    // Of a policy that selects nothing itself, another check says so.
    let selecting = policy.filter(|policy| !evaluated.network.classes.subject(policy).is_empty());
    let Some(policy) = selecting else {
        return Outcome::NotApplicable;
    };
    let empty = empty(evaluated, policy);
    if empty.is_empty() {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(object, policy, &empty)])
}

/// Where rules about nobody stand.
fn empty(evaluated: &Evaluated, policy: &Policy) -> Vec<String> {
    let of = |(direction, field): (Direction, &'static str)| {
        let rules = policy.rules(direction).unwrap_or_default().iter();
        let empty = rules.filter(|rule| is_empty(evaluated, policy, rule));
        empty.map(move |rule| format!("spec.{field}[{}]", rule.place))
    };
    let sides = [(Direction::Ingress, "ingress"), (Direction::Egress, "egress")];
    sides.into_iter().flat_map(of).collect()
}

/// Rules without peers are those of which something is not known: domain names, and sorts of peers to come.
fn is_empty(evaluated: &Evaluated, policy: &Policy, rule: &Rule) -> bool {
    let Peers::Any(peers) = &rule.peers else {
        return false;
    };
    let names_nobody = |peer: &Peer| match peer {
        Peer::Pods(_) => evaluated.network.classes.peer(peer, policy.tier).is_empty(),
        Peer::Addresses(_) | Peer::Nodes(_) => false,
    };
    !peers.is_empty() && peers.iter().all(names_nobody)
}

fn finding(object: &Object, policy: &Policy, rules: &[String]) -> Finding {
    let reference = &policy.object;
    let what = match rules {
        [one] => format!("The rule {one} of {reference} names"),
        many => format!("{} rules of {reference} name", many.len()),
    };
    let effect = match policy.tier {
        Tier::Namespaced => "lets nobody through",
        Tier::Admin | Tier::Baseline => "says nothing of anybody",
    };
    let message = format!("{what} pods of which there are none, and so {effect}.");
    let title = format!("{reference} has a rule that matches nobody");
    shown(CHECK.finding(reference.clone(), "", title, message), object, rules)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn shop(rules: &str) -> String {
        deployment("shop", "web", "")
            + &deployment("shop", "agent", "hostNetwork: true")
            + &policy(
                "shop",
                "p",
                &format!("{{podSelector: {{matchLabels: {{app: web}}}}, {rules}}}"),
            )
    }

    fn count(rules: &str) -> usize {
        titles(&CHECK, &shop(rules)).len()
    }

    #[test]
    fn a_rule_whose_peers_are_not_there_fails_and_is_shown() {
        let rules = "ingress: [{}, {from: [{podSelector: {matchLabels: {app: wbe}}}]}]";
        let found = findings(&CHECK, &shop(rules)).remove(0);
        assert_eq!(found.title, "NetworkPolicy shop/p has a rule that matches nobody");
        assert_eq!(found.witness[0].path, "spec.ingress[1]");
        assert_eq!(
            found.witness[0].value["from"][0]["podSelector"]["matchLabels"]["app"],
            "wbe"
        );
        assert_eq!(
            count("ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]"),
            1
        );
    }

    #[test]
    fn pods_on_the_network_of_their_node_are_not_found_by_a_selector() {
        assert_eq!(count("egress: [{to: [{podSelector: {matchLabels: {app: agent}}}]}]"), 1);
    }

    #[test]
    fn one_peer_that_is_there_and_addresses_suffice() {
        assert_eq!(
            count("ingress: [{from: [{podSelector: {matchLabels: {app: wbe}}}, {podSelector: {}}]}]"),
            0
        );
        assert_eq!(count("egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]"), 0);
        assert_eq!(count("ingress: [{ports: [{port: 80}]}]"), 0);
    }

    #[test]
    fn a_policy_that_selects_nothing_is_not_told_twice() {
        let manifests = shop("ingress: [{from: [{podSelector: {matchLabels: {app: wbe}}}]}]");
        let misspelt = manifests.replace(
            "podSelector: {matchLabels: {app: web}}",
            "podSelector: {matchLabels: {app: x}}",
        );
        assert_eq!(titles(&CHECK, &misspelt), [""; 0]);
    }
}
