//! Network policies of the whole cluster: `ClusterNetworkPolicy`, and the older `AdminNetworkPolicy` and
//! `BaselineAdminNetworkPolicy`, as far as they deny by default.

use shared::object::ObjectRef;

use super::policy::Labels;
use crate::check::Need;
use crate::model::cluster_network_policy::{ClusterNetworkPolicySpec, PolicyIngressRule, PolicySubject};
use crate::model::namespace::Namespace;
use crate::model::{Kind, Object, Snapshot};
use crate::selector;

/// What must have been read to know of them.
pub const READS: [Need; 3] = [
    Need::IfServed(Kind::ClusterNetworkPolicy),
    Need::IfServed(Kind::AdminNetworkPolicy),
    Need::IfServed(Kind::BaselineAdminNetworkPolicy),
];

/// The policy that denies ingress from every pod of the cluster, on every port, to pods of a namespace: to those with
/// these labels, or to all where none are given. What other rules accept is then an exception, as below a NetworkPolicy.
pub fn denying(snapshot: &Snapshot, namespace: &str, pod: Option<&Labels>) -> Option<ObjectRef> {
    let policies = READS.iter().flat_map(|need| snapshot.of(need.kind()));
    let mut subjects = policies
        .filter_map(|object| Some((object, denied_subject(object)?)))
        .peekable();
    subjects.peek()?;
    let labels = namespace_labels(snapshot, namespace);
    subjects
        .find(|(_, subject)| covers(subject, &labels, pod))
        .map(|(object, _)| object.reference())
}

/// Whom a policy cuts off from every pod of the cluster.
fn denied_subject(object: &Object) -> Option<&PolicySubject> {
    let spec = spec(object)?;
    spec.ingress
        .iter()
        .any(denies_all)
        .then_some(spec.subject.as_ref())
        .flatten()
}

fn spec(object: &Object) -> Option<&ClusterNetworkPolicySpec> {
    match object {
        Object::ClusterNetworkPolicy(policy) => policy.spec.as_ref(),
        Object::AdminNetworkPolicy(policy) => policy.spec.as_ref(),
        Object::BaselineAdminNetworkPolicy(policy) => policy.spec.as_ref(),
        _ => None,
    }
}

fn denies_all(rule: &PolicyIngressRule) -> bool {
    let from_everywhere = |peer: &crate::model::cluster_network_policy::PolicyPeer| {
        peer.namespaces.as_ref().is_some_and(selector::is_empty)
    };
    rule.action == "Deny" && rule.ports.is_empty() && rule.protocols.is_empty() && rule.from.iter().any(from_everywhere)
}

fn covers(subject: &PolicySubject, namespace: &Labels, pod: Option<&Labels>) -> bool {
    if let Some(pods) = &subject.pods {
        let in_namespace = pods
            .namespace_selector
            .as_ref()
            .is_some_and(|selector| selector::matches(selector, namespace));
        let selector = pods.pod_selector.as_ref();
        return in_namespace
            && selector.is_some_and(|selector| match pod {
                Some(labels) => selector::matches(selector, labels),
                None => selector::is_empty(selector),
            });
    }
    subject
        .namespaces
        .as_ref()
        .is_some_and(|selector| selector::matches(selector, namespace))
}

/// The API server puts a namespace's name among its labels; manifests do not have it.
fn namespace_labels(snapshot: &Snapshot, namespace: &str) -> Labels {
    let found = snapshot
        .find::<Namespace>("", namespace)
        .and_then(|namespace| namespace.metadata.as_ref());
    let mut labels = found.map(|meta| meta.labels.clone()).unwrap_or_default();
    labels.insert("kubernetes.io/metadata.name".to_owned(), namespace.to_owned());
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn is_denied(subject: &str, rule: &str, pod: Option<&Labels>) -> bool {
        let manifests = format!(
            "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: deny}}
spec: {{tier: Baseline, subject: {subject}, ingress: [{rule}]}}
"
        );
        denying(&snapshot(&manifests), "shop", pod).is_some()
    }

    const DENY: &str = "{action: Deny, from: [{namespaces: {}}]}";

    #[test]
    fn a_deny_from_all_namespaces_counts_where_its_subject_covers_the_namespace() {
        assert!(is_denied("{namespaces: {}}", DENY, None));
        assert!(is_denied(
            "{namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}",
            DENY,
            None
        ));
        assert!(!is_denied(
            "{namespaces: {matchLabels: {kubernetes.io/metadata.name: tools}}}",
            DENY,
            None
        ));
    }

    #[test]
    fn accepting_and_partial_rules_do_not_count() {
        for rule in [
            "{action: Accept, from: [{namespaces: {}}]}",
            "{action: Pass, from: [{namespaces: {}}]}",
            "{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}",
            "{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 80}}]}",
        ] {
            assert!(!is_denied("{namespaces: {}}", rule, None), "{rule}");
        }
    }

    #[test]
    fn a_subject_of_some_pods_covers_those_and_not_the_namespace() {
        let subject = "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}";
        let web = Labels::from([("app".to_owned(), "web".to_owned())]);
        assert!(!is_denied(subject, DENY, None));
        assert!(is_denied(subject, DENY, Some(&web)));
        assert!(!is_denied(subject, DENY, Some(&Labels::new())));
    }
}
