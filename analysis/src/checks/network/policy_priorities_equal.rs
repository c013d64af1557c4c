//! Policies for the whole cluster of which nobody knows which is asked first.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::network::contradictions::{Contradiction, contradictions};
use crate::network::coverage::READS;
use crate::network::listing::listed;
use crate::network::rule::{Direction, Policy};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-priorities-equal",
    title: "Two policies of one priority say different things of the same connections",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "Of policies of one tier the one with the lower priority is asked first, and the first rule that matches decides. \
        Which of two with the same priority comes first is undefined: what one lets through and the other denies may pass today, \
        and not tomorrow or with another network plugin.",
    remediation: "Give each policy of a tier a priority of its own, in the order in which they are meant.",
    reads: &READS,
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let network = &cluster.network().network;
    let found = contradictions(network);
    let findings = found.into_iter().map(|(place, contradiction)| {
        finding(
            &network.policies[place],
            &network.policies[contradiction.other],
            &contradiction,
        )
    });
    Outcome::of(findings.collect())
}

fn finding(policy: &Policy, rival: &Policy, contradiction: &Contradiction) -> Finding {
    let (one, other) = (&rival.object, &policy.object);
    let way = match contradiction.direction {
        Direction::Ingress => "to",
        Direction::Egress => "from",
    };
    let title = format!("{one} and {other} have the same priority");
    let message = format!(
        "{title}, {}, and say different things of connections {way} the same pods: which is asked first is undefined.",
        policy.priority
    );
    CHECK
        .finding(other.clone(), "", title, message)
        .witness("spec.priority", policy.priority)
        .witness("connections", json!(listed(&contradiction.connections)))
        .witness_in(one.clone(), "spec.priority", rival.priority)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy as network_policy};
    use super::CHECK;
    use crate::fixture::titles;

    fn policy(name: &str, tier: &str, priority: i32, namespace: &str, action: &str) -> String {
        format!(
            "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: {name}}}
spec:
  tier: {tier}
  priority: {priority}
  subject: {{namespaces: {{matchLabels: {{kubernetes.io/metadata.name: {namespace}}}}}}}
  ingress: [{{action: {action}, from: [{{namespaces: {{}}}}]}}]
---
"
        )
    }

    fn count(other: &str) -> usize {
        let manifests = deployment("shop", "web", "")
            + &deployment("lab", "web", "")
            + &policy("a", "Admin", 10, "shop", "Deny")
            + other;
        titles(&CHECK, &manifests).len()
    }

    #[test]
    fn one_priority_and_different_actions_on_the_same_pods_fail() {
        let manifests = deployment("shop", "web", "")
            + &policy("a", "Admin", 10, "shop", "Deny")
            + &policy("b", "Admin", 10, "shop", "Accept");
        assert_eq!(
            titles(&CHECK, &manifests),
            ["ClusterNetworkPolicy a and ClusterNetworkPolicy b have the same priority"]
        );
    }

    #[test]
    fn other_priorities_tiers_pods_and_the_same_action_pass() {
        assert_eq!(count(&policy("b", "Admin", 11, "shop", "Accept")), 0);
        assert_eq!(count(&policy("b", "Baseline", 10, "shop", "Accept")), 0);
        assert_eq!(count(&policy("b", "Admin", 10, "lab", "Accept")), 0);
        assert_eq!(count(&policy("b", "Admin", 10, "shop", "Deny")), 0);
        assert_eq!(count(&policy("b", "Admin", 10, "shop", "Pass")), 1);
    }

    #[test]
    fn rules_for_other_ports_or_other_peers_do_not_meet() {
        let accepting = |peers: &str, ports: &str| {
            let rule = format!(
                "{{action: Accept, from: [{{namespaces: {peers}}}], ports: [{{portNumber: {{protocol: TCP, port: {ports}}}}}]}}"
            );
            policy("b", "Admin", 10, "shop", "Accept").replace("{action: Accept, from: [{namespaces: {}}]}", &rule)
        };
        let denying = |port: &str, other: &str| {
            let rule = "{action: Deny, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: lab}}}], ports: [{portNumber: {protocol: TCP, port: PORT}}]}";
            let manifests = deployment("shop", "web", "")
                + &deployment("lab", "web", "")
                + &policy("a", "Admin", 10, "shop", "Deny")
                    .replace("{action: Deny, from: [{namespaces: {}}]}", &rule.replace("PORT", port))
                + other;
            titles(&CHECK, &manifests).len()
        };
        assert_eq!(denying("80", &accepting("{}", "80")), 1);
        assert_eq!(denying("80", &accepting("{}", "81")), 0);
        let shop = "{matchLabels: {kubernetes.io/metadata.name: shop}}";
        assert_eq!(denying("80", &accepting(shop, "80")), 0);
    }

    #[test]
    fn of_what_earlier_policies_decided_nobody_is_asked() {
        let equals = policy("a", "Admin", 10, "shop", "Deny") + &policy("b", "Admin", 10, "shop", "Accept");
        let count = |first: &str| titles(&CHECK, &(deployment("shop", "web", "") + &equals + first)).len();
        assert_eq!(count(&policy("first", "Admin", 9, "shop", "Deny")), 0);
        assert_eq!(count(&policy("last", "Admin", 11, "shop", "Deny")), 1);
    }

    #[test]
    fn pods_that_network_policies_select_never_come_to_the_baseline() {
        let equals = policy("a", "Baseline", 10, "shop", "Deny") + &policy("b", "Baseline", 10, "shop", "Accept");
        let count = |policies: &str| titles(&CHECK, &(deployment("shop", "web", "") + &equals + policies)).len();
        assert_eq!(count(""), 1);
        assert_eq!(count(&network_policy("shop", "all", "{podSelector: {}}")), 0);
    }

    #[test]
    fn each_of_many_is_held_against_those_before_it() {
        let manifests = deployment("shop", "web", "")
            + &policy("a", "Admin", 10, "shop", "Deny")
            + &policy("b", "Admin", 10, "shop", "Deny")
            + &policy("c", "Admin", 10, "shop", "Pass")
            + &policy("d", "Admin", 10, "shop", "Deny");
        assert_eq!(
            titles(&CHECK, &manifests),
            [
                "ClusterNetworkPolicy a and ClusterNetworkPolicy c have the same priority",
                "ClusterNetworkPolicy c and ClusterNetworkPolicy d have the same priority"
            ]
        );
    }
}
