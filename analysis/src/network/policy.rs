//! `NetworkPolicy` of `networking.k8s.io/v1`, as `staging/src/k8s.io/api/networking/v1/types.go` specifies it.

use crate::cluster::Workload;
use crate::model::network_policy::{NetworkPolicy, NetworkPolicyPeer};
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

/// Whether a peer stands for every pod of the cluster.
pub fn is_every_pod(peer: &NetworkPolicyPeer) -> bool {
    let namespaces = peer.namespace_selector.as_ref();
    namespaces.is_some_and(selector::is_empty) && peer.pod_selector.as_ref().is_none_or(selector::is_empty)
}

/// Whether network policies have a say over the workload: they have none over pods on the network of their node.
pub fn is_subject(workload: &Workload<'_>) -> bool {
    !workload.spec.host_network
}

/// Whether the workload has pods, or would have if nothing hindered it.
pub fn runs(workload: &Workload<'_>) -> bool {
    !workload.pods.is_empty() || workload.replicas != Some(0)
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
    fn an_empty_selector_of_namespaces_stands_for_every_pod_unless_some_are_named_beside_it() {
        let is_every = |peer: &str| is_every_pod(&serde_saphyr::from_str(peer).unwrap());
        assert!(is_every("{namespaceSelector: {}}") && is_every("{namespaceSelector: {}, podSelector: {}}"));
        assert!(!is_every(
            "{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}"
        ));
        assert!(!is_every("{podSelector: {}}") && !is_every("{namespaceSelector: {matchLabels: {team: a}}}"));
    }
}
