//! Network policies of the whole cluster: `ClusterNetworkPolicy`, and the older `AdminNetworkPolicy` and
//! `BaselineAdminNetworkPolicy`, as far as they deny by default.

use shared::object::ObjectRef;

use crate::check::Need;
use crate::model::cluster_network_policy::{ClusterNetworkPolicySpec, PolicyIngressRule, PolicyPeer, PolicySubject};
use crate::model::meta::LabelSelector;
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

/// What cluster policies say of ingress from every pod of the cluster, on every port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The policy denies it. What other rules accept is then an exception, as below a NetworkPolicy.
    Denied(ObjectRef),
    /// The policy lets it in, by the rule of this path.
    Accepted(ObjectRef, String),
    /// Two policies of one priority say different things, and which of them holds is undefined.
    Undefined(ObjectRef, ObjectRef),
}

/// What the first rule about every pod and port decides, up to those of the `last` tier, for pods of a namespace: for those
/// with these labels, or for all where none are given.
pub fn decision(snapshot: &Snapshot, namespace: &str, pod: Option<&Labels>, last: Tier) -> Option<Decision> {
    let policies = by_precedence(snapshot, last);
    if policies.is_empty() {
        return None;
    }
    let labels = namespace_labels(snapshot, namespace);
    let covering = policies.into_iter().filter(|(_, spec, _)| {
        let subject = spec.subject.as_ref();
        subject.is_some_and(|subject| covers(subject, &labels, pod))
    });
    let said: Vec<Said<'_>> = covering.filter_map(said).collect();
    let mut passed = None;
    for (place, one) in said.iter().enumerate() {
        if passed == Some(one.tier) {
            continue;
        }
        let equals = said[place + 1..].iter().take_while(|other| other.rank() == one.rank());
        let mut rivals = equals.filter(|other| other.action != one.action);
        if let Some(rival) = rivals.next() {
            return Some(Decision::Undefined(one.object.reference(), rival.object.reference()));
        }
        match one.action {
            Action::Deny => return Some(Decision::Denied(one.object.reference())),
            Action::Accept => {
                let path = format!("spec.ingress[{}].action", one.rule);
                return Some(Decision::Accepted(one.object.reference(), path));
            }
            Action::Pass => passed = Some(one.tier),
        }
    }
    None
}

/// What a policy does about every pod of the cluster.
struct Said<'a> {
    tier: Tier,
    priority: i32,
    action: Action,
    /// The place of the rule in its list.
    rule: usize,
    object: &'a Object,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Accept,
    Deny,
    /// On to what comes after the tier.
    Pass,
}

impl Said<'_> {
    /// Policies of one rank are asked in no order. Those of different kinds have nothing to do with each other.
    fn rank(&self) -> (Tier, i32, Kind) {
        (self.tier, self.priority, self.object.kind())
    }
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

/// The first rule of a policy that is about every pod of the cluster, on every port.
fn said<'a>((tier, spec, object): (Tier, &'a ClusterNetworkPolicySpec, &'a Object)) -> Option<Said<'a>> {
    let mut rules = spec.ingress.iter().enumerate();
    let (rule, action) = rules.find_map(|(place, rule)| {
        let action = action(&rule.action)?;
        is_of_everyone(rule, action).then_some((place, action))
    })?;
    Some(Said {
        tier,
        priority: spec.priority,
        action,
        rule,
        object,
    })
}

fn action(written: &str) -> Option<Action> {
    match written {
        "Accept" | "Allow" => Some(Action::Accept),
        "Deny" => Some(Action::Deny),
        "Pass" => Some(Action::Pass),
        _ => None,
    }
}

fn is_of_everyone(rule: &PolicyIngressRule, action: Action) -> bool {
    let is_everyone = |peer: &PolicyPeer| names_everyone(peer) || action != Action::Accept && is_unknown(peer);
    rule.ports.is_empty() && rule.protocols.is_empty() && rule.from.iter().any(is_everyone)
}

fn names_everyone(peer: &PolicyPeer) -> bool {
    let is_every = |selector: &Option<LabelSelector>| selector.as_ref().is_some_and(selector::is_empty);
    let pods = peer.pods.as_ref();
    is_every(&peer.namespaces)
        || pods.is_some_and(|pods| is_every(&pods.namespace_selector) && is_every(&pods.pod_selector))
}

/// Whether a peer is of a sort that is not known: it fails closed, so it stands for nobody who is let in and for everybody
/// else.
fn is_unknown(peer: &PolicyPeer) -> bool {
    *peer == PolicyPeer::default()
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
        let decision = decision(&snapshot(&manifests), "shop", pod, Tier::Baseline);
        matches!(decision, Some(Decision::Denied(_)))
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

    fn decided(policies: &[(&str, i32, &str)], last: Tier) -> Option<Decision> {
        let manifest = |(number, (tier, priority, rules)): (usize, &(&str, i32, &str))| {
            format!(
                "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: p{priority}-{number}}}
spec: {{tier: {tier}, priority: {priority}, subject: {{namespaces: {{}}}}, ingress: [{rules}]}}
"
            )
        };
        let manifests: Vec<String> = policies.iter().enumerate().map(manifest).collect();
        decision(&snapshot(&manifests.join("\n---\n")), "shop", None, last)
    }

    fn denier(policies: &[(&str, i32, &str)], last: Tier) -> Option<String> {
        match decided(policies, last)? {
            Decision::Denied(policy) => Some(policy.name),
            _ => None,
        }
    }

    const ACCEPT: &str = "{action: Accept, from: [{namespaces: {}}]}";
    const PASS: &str = "{action: Pass, from: [{namespaces: {}}]}";

    #[test]
    fn the_first_rule_about_everyone_decides() {
        let last = Tier::Baseline;
        assert_eq!(denier(&[("Admin", 1, &format!("{ACCEPT}, {DENY}"))], last), None);
        assert_eq!(
            denier(&[("Admin", 1, &format!("{DENY}, {ACCEPT}"))], last),
            Some("p1-0".into())
        );
        assert_eq!(denier(&[("Admin", 9, DENY), ("Admin", 1, ACCEPT)], last), None);
        assert_eq!(denier(&[("Baseline", 1, DENY), ("Admin", 9, ACCEPT)], last), None);
    }

    #[test]
    fn a_pass_leaves_its_tier() {
        let passed = [("Admin", 1, PASS), ("Admin", 2, DENY), ("Baseline", 3, DENY)];
        assert_eq!(denier(&passed, Tier::Baseline), Some("p3-2".into()));
        assert_eq!(denier(&passed, Tier::Admin), None);
    }

    #[test]
    fn what_the_admin_tier_accepts_is_said_with_its_rule() {
        let some = "{action: Deny, from: [{namespaces: {matchLabels: {a: b}}}]}";
        let rules =
            format!("{some}, {{action: Accept, from: [{{pods: {{namespaceSelector: {{}}, podSelector: {{}}}}}}]}}");
        let Some(Decision::Accepted(policy, path)) =
            decided(&[("Admin", 1, &rules), ("Baseline", 0, DENY)], Tier::Baseline)
        else {
            panic!("not accepted")
        };
        assert_eq!(
            (policy.name.as_str(), path.as_str()),
            ("p1-0", "spec.ingress[1].action")
        );
    }

    #[test]
    fn policies_of_one_priority_that_contradict_each_other_decide_nothing() {
        let equal = decided(&[("Admin", 1, ACCEPT), ("Admin", 1, DENY)], Tier::Admin);
        assert!(matches!(equal, Some(Decision::Undefined(..))), "{equal:?}");
        let agreed = decided(
            &[("Admin", 1, DENY), ("Admin", 1, DENY), ("Admin", 2, ACCEPT)],
            Tier::Admin,
        );
        assert!(matches!(agreed, Some(Decision::Denied(_))), "{agreed:?}");
    }

    #[test]
    fn a_peer_that_is_not_known_is_denied_and_not_let_in() {
        let rule = |action: &str| format!("{{action: {action}, from: [{{somebody: {{}}}}]}}");
        assert!(is_denied("{namespaces: {}}", &rule("Deny"), None));
        assert_eq!(decided(&[("Admin", 1, &rule("Accept"))], Tier::Admin), None);
    }
}
