//! Policies for the whole cluster of which nobody knows which is asked first.

use std::collections::HashMap;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::Kind;
use crate::network::classes::ClassId;
use crate::network::default_deny::CLUSTER_WIDE;
use crate::network::engine::Network;
use crate::network::rule::{Action, Direction, Policy, Tier};

/// See its fields.
pub static CHECK: Check = Check {
    id: "policy-priorities-equal",
    title: "Two policies of one priority say different things of the same pods",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "Of policies of one tier the one with the lower priority is asked first, and the first rule that matches decides. \
        Which of two with the same priority comes first is undefined: what one lets through and the other denies may pass today, \
        and not tomorrow or with another network plugin.",
    remediation: "Give each policy of a tier a priority of its own, in the order in which they are meant.",
    reads: &workloads_and::<12>(&[
        Need::Read(Kind::Namespace),
        CLUSTER_WIDE[0],
        CLUSTER_WIDE[1],
        CLUSTER_WIDE[2],
    ]),
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let network = &cluster.network().network;
    let policies = network.policies.iter().enumerate();
    let cluster_wide: Vec<(usize, &Policy)> = policies.filter(|(_, policy)| policy.tier != Tier::Namespaced).collect();
    let rank = |policy: &Policy| (policy.tier, policy.priority, policy.object.kind.clone());
    let equals = cluster_wide.chunk_by(|(_, one), (_, other)| rank(one) == rank(other));
    let findings = equals.filter(|equals| equals.len() > 1);
    Outcome::of(findings.flat_map(|equals| conflicts(network, equals)).collect())
}

/// What each policy does to a class in a direction.
type Deed = (ClassId, Direction, Action);

/// One for each policy that an earlier one contradicts, by name.
fn conflicts(network: &Network, equals: &[(usize, &Policy)]) -> Vec<Finding> {
    let mut first: HashMap<Deed, usize> = HashMap::new();
    let mut found = Vec::new();
    for (place, policy) in equals {
        let deeds = deeds(network, policy);
        let rival = deeds.iter().find_map(|(class, direction, action)| {
            let others = [Action::Accept, Action::Deny, Action::Pass]
                .into_iter()
                .filter(|other| other != action);
            others
                .filter_map(|other| first.get(&(*class, *direction, other)))
                .next()
        });
        if let Some(rival) = rival {
            found.push(finding(policy, &network.policies[*rival]));
        }
        for deed in deeds {
            first.entry(deed).or_insert(*place);
        }
    }
    found
}

fn deeds(network: &Network, policy: &Policy) -> Vec<Deed> {
    let mut does: Vec<(Direction, Action)> = Vec::new();
    for direction in [Direction::Ingress, Direction::Egress] {
        for rule in policy.rules(direction).unwrap_or_default() {
            if !does.contains(&(direction, rule.action)) {
                does.push((direction, rule.action));
            }
        }
    }
    let subject = network.classes.subject(policy).iter();
    subject
        .flat_map(|class| does.iter().map(|(direction, action)| (*class, *direction, *action)))
        .collect()
}

fn finding(policy: &Policy, rival: &Policy) -> Finding {
    let (one, other) = (&rival.object, &policy.object);
    let title = format!("{one} and {other} have the same priority");
    let message = format!(
        "{title}, {}, and some pods in common, of which they say different things: which is asked first is undefined.",
        policy.priority
    );
    CHECK
        .finding(other.clone(), "", title, message)
        .witness("spec.priority", policy.priority)
        .witness_in(one.clone(), "spec.priority", rival.priority)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::deployment;
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
}
