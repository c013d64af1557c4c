//! `NetworkPolicy` of `networking.k8s.io/v1`, as `staging/src/k8s.io/api/networking/v1/types.go` specifies it.

use serde_json::{Value, json};

use crate::cluster::Workload;
use crate::model::network_policy::{NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer};
use crate::model::pairs::Labels;
use crate::selector;

/// Whether the pods that the policy selects are isolated for ingress. Absent policy types mean that they are.
pub fn isolates_ingress(policy: &NetworkPolicy) -> bool {
    policy
        .spec
        .as_ref()
        .is_some_and(|spec| spec.policy_types.is_empty() || has_type(&spec.policy_types, "Ingress"))
}

/// Whether the pods that the policy selects are isolated for egress. Absent policy types mean that they are where the
/// policy has egress rules.
pub fn isolates_egress(policy: &NetworkPolicy) -> bool {
    policy
        .spec
        .as_ref()
        .is_some_and(|spec| match spec.policy_types.as_slice() {
            [] => !spec.egress.is_empty(),
            types => has_type(types, "Egress"),
        })
}

fn has_type(types: &[String], wanted: &str) -> bool {
    types.iter().any(|listed| listed == wanted)
}

/// Whether the policy selects a pod of its namespace with these labels. An absent selector is an empty one here.
pub fn selects(policy: &NetworkPolicy, labels: &Labels) -> bool {
    policy.spec.as_ref().is_some_and(|spec| {
        spec.pod_selector
            .as_ref()
            .is_none_or(|selector| selector::matches(selector, labels))
    })
}

/// Whether the policy selects every pod of its namespace, those to come included.
pub fn selects_all(policy: &NetworkPolicy) -> bool {
    policy
        .spec
        .as_ref()
        .is_some_and(|spec| spec.pod_selector.as_ref().is_none_or(selector::is_empty))
}

/// What in a rule lets everyone in on every port, and so undoes the isolation: its path below the rule, and its value. An
/// absent list means all.
pub fn opening(rule: &NetworkPolicyIngressRule) -> Option<(String, Value)> {
    if !rule.ports.is_empty() {
        return None;
    }
    if rule.from.is_empty() {
        return Some((String::new(), json!({})));
    }
    let mut peers = rule.from.iter().enumerate();
    peers.find_map(|(place, peer)| Some((format!(".from[{place}]"), everyone(peer)?)))
}

/// A peer that stands for every pod of the cluster, or for every address.
fn everyone(peer: &NetworkPolicyPeer) -> Option<Value> {
    let namespaces = peer.namespace_selector.as_ref();
    if namespaces.is_some_and(selector::is_empty) && peer.pod_selector.as_ref().is_none_or(selector::is_empty) {
        return Some(json!({ "namespaceSelector": {} }));
    }
    let block = peer.ip_block.as_ref()?;
    (block.cidr.ends_with("/0") && block.except.is_empty()).then(|| json!({ "ipBlock": { "cidr": block.cidr } }))
}

/// Whether network policies have a say over the workload: they have none over pods on the network of their node.
pub fn is_subject(workload: &Workload<'_>) -> bool {
    !workload.spec.host_network
}

/// Whether the workload has pods, or would have if nothing hindered it.
pub fn runs(workload: &Workload<'_>) -> bool {
    !workload.pods.is_empty() || workload.replicas != Some(0)
}

/// The labels of the workload's pods, each set once; those of its template where there are none.
pub fn labels_of<'a>(workload: &Workload<'a>) -> Vec<&'a Labels> {
    let mut found: Vec<&Labels> = workload
        .pods
        .iter()
        .filter_map(|pod| Some(&pod.metadata.as_ref()?.labels))
        .collect();
    if found.is_empty() {
        found.push(&workload.pod_meta.labels);
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(spec: &str) -> NetworkPolicy {
        NetworkPolicy {
            metadata: None,
            spec: Some(serde_saphyr::from_str(spec).unwrap()),
        }
    }

    #[test]
    fn absent_types_isolate_ingress_always_and_egress_where_it_has_rules() {
        let plain = policy("{podSelector: {}}");
        assert!(isolates_ingress(&plain) && !isolates_egress(&plain));
        let with_egress = policy("{podSelector: {}, egress: [{}]}");
        assert!(isolates_ingress(&with_egress) && isolates_egress(&with_egress));
    }

    #[test]
    fn written_types_are_taken_as_they_stand() {
        let egress = policy("{podSelector: {}, policyTypes: [Egress]}");
        assert!(!isolates_ingress(&egress) && isolates_egress(&egress));
        let ingress = policy("{podSelector: {}, policyTypes: [Ingress], egress: [{}]}");
        assert!(isolates_ingress(&ingress) && !isolates_egress(&ingress));
    }

    #[test]
    fn an_empty_selector_selects_all_and_an_expression_does_not() {
        assert!(selects_all(&policy("{podSelector: {}}")));
        assert!(selects_all(&policy("{policyTypes: [Ingress]}")));
        let expression = policy("{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}");
        assert!(!selects_all(&expression) && !selects(&expression, &Labels::EMPTY));
    }

    #[test]
    fn a_rule_without_ports_and_with_no_peers_or_all_of_them_lets_all_in() {
        let opens = |rule: &str| {
            let spec = policy(&format!("{{ingress: [{rule}]}}")).spec.unwrap();
            opening(&spec.ingress[0]).is_some()
        };
        for rule in [
            "{}",
            "{from: [{podSelector: {}}, {namespaceSelector: {}}]}",
            "{from: [{namespaceSelector: {}, podSelector: {}}]}",
            "{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}",
            "{from: [{ipBlock: {cidr: '::/0'}}]}",
        ] {
            assert!(opens(rule), "{rule}");
        }
        for rule in [
            "{ports: [{port: 80}]}",
            "{from: [{podSelector: {}}]}",
            "{from: [{namespaceSelector: {}}], ports: [{port: 80}]}",
            "{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}",
            "{from: [{namespaceSelector: {matchLabels: {team: a}}}]}",
            "{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}",
            "{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}",
        ] {
            assert!(!opens(rule), "{rule}");
        }
    }
}
