//! What policies say of a connection that nobody thought of: with a pod or an address that no rule is meant for.

use serde_json::{Value, json};
use shared::object::ObjectRef;

use super::classes::ClassId;
use super::engine::Network;
use super::model::Named;
use super::rule::{Action, Direction, Namespaces, Peer, Peers, Policy, Rule, Tier};
use crate::check::Need;
use crate::model::Kind;
use crate::model::pairs::Labels;
use crate::selector;

/// What must have been read to know of policies for the whole cluster.
pub const CLUSTER_WIDE: [Need; 3] = [
    Need::IfServed(Kind::ClusterNetworkPolicy),
    Need::IfServed(Kind::AdminNetworkPolicy),
    Need::IfServed(Kind::BaselineAdminNetworkPolicy),
];

/// What becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum ByDefault {
    /// No policy speaks of it, so that it passes.
    Open,
    /// It is cut off. What other rules let through is then an exception.
    Denied,
    /// A rule lets everyone through.
    LetThrough(Opening),
    /// Two policies of one priority say different things, and which of them holds is undefined.
    Undefined(ObjectRef, ObjectRef),
}

/// What lets everyone through.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The policy.
    pub policy: ObjectRef,
    /// When it is asked.
    pub tier: Tier,
    /// Where in it.
    pub path: String,
    /// What stands there.
    pub value: Value,
}

/// For all pods of a namespace, those to come included.
pub fn of_namespace(network: &Network, namespace: &Named, direction: Direction) -> ByDefault {
    let policies = network.policies.iter();
    decide(policies.filter(|policy| covers(policy, namespace, None)), direction)
}

/// For pods of a namespace with these labels.
pub fn of_labels(network: &Network, namespace: &Named, labels: &Labels, direction: Direction) -> ByDefault {
    let policies = network.policies.iter();
    decide(
        policies.filter(|policy| covers(policy, namespace, Some(labels))),
        direction,
    )
}

/// For the pods of a class.
pub fn of_class(network: &Network, class: ClassId, direction: Direction) -> ByDefault {
    let policies = network.policies_of(direction, class).iter();
    decide(policies.map(|place| &network.policies[*place]), direction)
}

/// Whether only what policies let through may pass to or from the pods of a class.
pub fn is_isolated(network: &Network, class: ClassId, direction: Direction) -> bool {
    let mut policies = network.policies_of(direction, class).iter();
    policies.any(|place| network.policies[*place].tier == Tier::Namespaced)
        || of_class(network, class, direction) == ByDefault::Denied
}

/// What policies that come before all others do with everything: the rule, and what it does; none where they leave something to
/// the others.
pub fn before(network: &Network, class: ClassId, direction: Direction) -> Option<(Opening, Action)> {
    let policies = network.policies_of(direction, class).iter();
    let admin = policies
        .map(|place| &network.policies[*place])
        .take_while(|policy| policy.tier == Tier::Admin);
    match first(admin, direction)? {
        First::Rule(opening, action) if action != Action::Pass => Some((opening, action)),
        First::Rule(..) | First::Undefined(..) => None,
    }
}

/// What lets everyone through by a policy itself.
pub fn opening(policy: &Policy, direction: Direction) -> Option<Opening> {
    let rules = policy.rules(direction)?.iter();
    let accepting = rules.filter(|rule| rule.action == Action::Accept);
    accepting
        .filter_map(|rule| Some((rule, everyone(rule, direction)?)))
        .map(|(rule, peer)| opened(policy, direction, rule, peer))
        .next()
}

fn covers(policy: &Policy, namespace: &Named, labels: Option<&Labels>) -> bool {
    let is_there = match &policy.subject.namespaces {
        Namespaces::Named(name) => namespace.name == *name,
        Namespaces::Selected(selector) => selector::matches(selector, &namespace.labels),
    };
    let pods = &policy.subject.pods;
    is_there && labels.map_or_else(|| selector::is_empty(pods), |labels| selector::matches(pods, labels))
}

/// The policies are those that speak of the pods, in the order in which they are asked.
fn decide<'a>(policies: impl Iterator<Item = &'a Policy>, direction: Direction) -> ByDefault {
    let speaking: Vec<&Policy> = policies.filter(|policy| policy.rules(direction).is_some()).collect();
    let of_tier = |tier| speaking.iter().copied().filter(move |policy| policy.tier == tier);
    if let Some(decided) = cluster_wide(of_tier(Tier::Admin), direction) {
        return decided;
    }
    if of_tier(Tier::Namespaced).next().is_some() {
        let opening = of_tier(Tier::Namespaced).find_map(|policy| opening(policy, direction));
        return opening.map_or(ByDefault::Denied, ByDefault::LetThrough);
    }
    cluster_wide(of_tier(Tier::Baseline), direction).unwrap_or(ByDefault::Open)
}

/// What a tier decides; none where it does not, or leaves it to the next.
fn cluster_wide<'a>(policies: impl Iterator<Item = &'a Policy>, direction: Direction) -> Option<ByDefault> {
    match first(policies, direction)? {
        First::Rule(_, Action::Pass) => None,
        First::Rule(_, Action::Deny) => Some(ByDefault::Denied),
        First::Rule(opening, Action::Accept) => Some(ByDefault::LetThrough(opening)),
        First::Undefined(one, other) => Some(ByDefault::Undefined(one, other)),
    }
}

/// The first rule about everyone, with what it does; or two of one priority that do different things.
enum First {
    Rule(Opening, Action),
    Undefined(ObjectRef, ObjectRef),
}

fn first<'a>(policies: impl Iterator<Item = &'a Policy>, direction: Direction) -> Option<First> {
    let mut said = policies.filter_map(|policy| {
        let mut rules = policy.rules(direction)?.iter();
        rules.find_map(|rule| Some((policy, rule, everyone(rule, direction)?)))
    });
    let (policy, rule, peer) = said.next()?;
    // Policies of one priority are asked in no order. Those of different kinds have nothing to do with each other.
    let rank = |policy: &'a Policy| (policy.priority, &policy.object.kind);
    let mut equals = said.take_while(|(other, ..)| rank(other) == rank(policy));
    if let Some((rival, ..)) = equals.find(|(_, other, _)| other.action != rule.action) {
        return Some(First::Undefined(policy.object.clone(), rival.object.clone()));
    }
    Some(First::Rule(opened(policy, direction, rule, peer), rule.action))
}

/// Which of its peers makes a rule one about everyone, on every port; no place where it names no peers.
///
/// A rule that denies traffic to every pod leaves what is outside of the cluster, which may come in through no rule of such
/// policies, but may be reached.
fn everyone(rule: &Rule, direction: Direction) -> Option<Option<usize>> {
    let suffices = |peer: &Peer| match peer {
        Peer::Pods(pods) => {
            let is_every = |namespaces: &Namespaces| matches!(namespaces, Namespaces::Selected(selector) if selector::is_empty(selector));
            is_every(&pods.namespaces)
                && selector::is_empty(&pods.pods)
                && (direction == Direction::Ingress || rule.action == Action::Accept)
        }
        Peer::Addresses(addresses) => addresses.blocks().iter().any(|block| block.prefix_len() == 0),
        Peer::Nodes(_) => false,
    };
    match &rule.peers {
        _ if !rule.ports.fixed.is_all() => None,
        Peers::Everyone => Some(None),
        Peers::Any(peers) => peers.iter().position(suffices).map(Some),
    }
}

/// As it is written: the older kinds say `Allow` where the newer says `Accept`.
fn action(action: Action, kind: &str) -> &'static str {
    match action {
        Action::Deny => "Deny",
        Action::Pass => "Pass",
        Action::Accept if kind == Kind::ClusterNetworkPolicy.info().kind => "Accept",
        Action::Accept => "Allow",
    }
}

fn opened(policy: &Policy, direction: Direction, rule: &Rule, peer: Option<usize>) -> Opening {
    let (field, peers) = match direction {
        Direction::Ingress => ("ingress", "from"),
        Direction::Egress => ("egress", "to"),
    };
    let at = format!("spec.{field}[{}]", rule.place);
    let (path, value) = match (policy.tier, peer, &rule.peers) {
        (Tier::Admin | Tier::Baseline, ..) => (format!("{at}.action"), json!(action(rule.action, &policy.object.kind))),
        (Tier::Namespaced, Some(place), Peers::Any(all)) => {
            let value = match all.get(place) {
                Some(Peer::Addresses(addresses)) => {
                    let block = addresses.blocks().first().map(ToString::to_string);
                    json!({ "ipBlock": { "cidr": block } })
                }
                _ => json!({ "namespaceSelector": {} }),
            };
            (format!("{at}.{peers}[{place}]"), value)
        }
        (Tier::Namespaced, ..) => (at, json!({})),
    };
    Opening {
        policy: policy.object.clone(),
        tier: policy.tier,
        path,
        value,
    }
}

#[cfg(test)]
mod tests;
