//! Network policies of the whole cluster: `ClusterNetworkPolicy`, and the older `AdminNetworkPolicy` and
//! `BaselineAdminNetworkPolicy`, as far as they deny by default.

use shared::object::ObjectRef;

use crate::check::Need;
use crate::model::cluster_network_policy::{ClusterNetworkPolicySpec, PolicyIngressRule, PolicyPeer, PolicySubject};
use crate::model::namespace::Namespace;
use crate::model::pairs::Labels;
use crate::model::{Kind, Object, Snapshot};
use crate::selector;

/// What must have been read to know of them.
pub const READS: [Need; 3] = [
    Need::IfServed(Kind::ClusterNetworkPolicy),
    Need::IfServed(Kind::AdminNetworkPolicy),
    Need::IfServed(Kind::BaselineAdminNetworkPolicy),
];

/// A tier of policies, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Before every NetworkPolicy.
    Admin,
    /// Only for pods that no NetworkPolicy selects.
    Baseline,
}

/// The policy that denies ingress from every pod of the cluster, on every port, to pods of a namespace: to those with
/// these labels, or to all where none are given. What other rules accept is then an exception, as below a NetworkPolicy.
/// Of the rules about every pod and port, up to those of the `last` tier, the first decides.
pub fn denying(snapshot: &Snapshot, namespace: &str, pod: Option<&Labels>, last: Tier) -> Option<ObjectRef> {
    let policies = by_precedence(snapshot, last);
    if policies.is_empty() {
        return None;
    }
    let labels = namespace_labels(snapshot, namespace);
    let mut passed = None;
    for (tier, spec, object) in policies {
        let subject = spec.subject.as_ref();
        if passed == Some(tier) || !subject.is_some_and(|subject| covers(subject, &labels, pod)) {
            continue;
        }
        match spec
            .ingress
            .iter()
            .find(|rule| is_of_everyone(rule))
            .map(|rule| rule.action.as_str())
        {
            Some("Deny") => return Some(object.reference()),
            Some("Accept" | "Allow") => return None,
            Some("Pass") => passed = Some(tier),
            _ => {}
        }
    }
    None
}

fn by_precedence(snapshot: &Snapshot, last: Tier) -> Vec<(Tier, &ClusterNetworkPolicySpec, &Object)> {
    let objects = READS.iter().flat_map(|need| snapshot.of(need.kind()));
    let mut policies: Vec<_> = objects
        .filter_map(|object| tiered(object).map(|(tier, spec)| (tier, spec, object.as_ref())))
        .filter(|(tier, ..)| *tier <= last)
        .collect();
    policies.sort_by_key(|(tier, spec, _)| (*tier, spec.priority));
    policies
}

fn tiered(object: &Object) -> Option<(Tier, &ClusterNetworkPolicySpec)> {
    let (tier, spec) = match object {
        Object::ClusterNetworkPolicy(policy) => match policy.spec.as_ref()?.tier.as_str() {
            "Baseline" => (Tier::Baseline, &policy.spec),
            _ => (Tier::Admin, &policy.spec),
        },
        Object::AdminNetworkPolicy(policy) => (Tier::Admin, &policy.spec),
        Object::BaselineAdminNetworkPolicy(policy) => (Tier::Baseline, &policy.spec),
        _ => return None,
    };
    Some((tier, spec.as_ref()?))
}

/// Whether a rule is about every pod of the cluster, on every port.
fn is_of_everyone(rule: &PolicyIngressRule) -> bool {
    let is_everyone = |peer: &PolicyPeer| peer.namespaces.as_ref().is_some_and(selector::is_empty);
    rule.ports.is_empty() && rule.protocols.is_empty() && rule.from.iter().any(is_everyone)
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
        denying(&snapshot(&manifests), "shop", pod, Tier::Baseline).is_some()
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
        let web = Labels::from_iter([("app".to_owned(), "web".to_owned())]);
        assert!(!is_denied(subject, DENY, None));
        assert!(is_denied(subject, DENY, Some(&web)));
        assert!(!is_denied(subject, DENY, Some(&Labels::EMPTY)));
    }

    fn denier(policies: &[(&str, i32, &str)], last: Tier) -> Option<String> {
        let manifest = |(tier, priority, rules): &(&str, i32, &str)| {
            format!(
                "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: p{priority}}}
spec: {{tier: {tier}, priority: {priority}, subject: {{namespaces: {{}}}}, ingress: [{rules}]}}
"
            )
        };
        let manifests: Vec<String> = policies.iter().map(manifest).collect();
        denying(&snapshot(&manifests.join("\n---\n")), "shop", None, last).map(|policy| policy.name)
    }

    const ACCEPT: &str = "{action: Accept, from: [{namespaces: {}}]}";
    const PASS: &str = "{action: Pass, from: [{namespaces: {}}]}";

    #[test]
    fn the_first_rule_about_everyone_decides() {
        let last = Tier::Baseline;
        assert_eq!(denier(&[("Admin", 1, &format!("{ACCEPT}, {DENY}"))], last), None);
        assert_eq!(
            denier(&[("Admin", 1, &format!("{DENY}, {ACCEPT}"))], last),
            Some("p1".into())
        );
        assert_eq!(denier(&[("Admin", 9, DENY), ("Admin", 1, ACCEPT)], last), None);
        assert_eq!(denier(&[("Baseline", 1, DENY), ("Admin", 9, ACCEPT)], last), None);
    }

    #[test]
    fn a_pass_leaves_its_tier() {
        let passed = [("Admin", 1, PASS), ("Admin", 2, DENY), ("Baseline", 3, DENY)];
        assert_eq!(denier(&passed, Tier::Baseline), Some("p3".into()));
        assert_eq!(denier(&passed, Tier::Admin), None);
    }
}
