//! Policies of all kinds in one form: whom a policy is about, and what its rules say of whom and of which ports. It is sent to the
//! page beside the model.

use serde::{Deserialize, Serialize};
use shared::object::ObjectRef;

use super::address::Addresses;
use super::connections::{Connections, Protocol};
use crate::model::meta::LabelSelector;

/// The order in which policies are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// Cluster-wide policies that come before all others.
    Admin,
    /// NetworkPolicies. They decide finally for the pods that they select.
    Namespaced,
    /// Cluster-wide policies for the pods that no NetworkPolicy selects.
    Baseline,
}

/// What a rule does with what it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Lets it pass.
    Accept,
    /// Cuts it off.
    Deny,
    /// Leaves it to the next tier.
    Pass,
}

/// Which way traffic goes, as seen from the pods that a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// To them.
    Ingress,
    /// From them.
    Egress,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// What a person would edit.
    pub object: ObjectRef,
    /// When it is asked.
    pub tier: Tier,
    /// The lower is asked first within a tier. NetworkPolicies have none, and are asked together.
    pub priority: i32,
    /// Whom it is about. Pods on the network of their node never are.
    pub subject: Pods,
    /// What it says of traffic to them; nothing where it does not speak of that.
    pub ingress: Option<Vec<Rule>>,
    /// What it says of traffic from them; nothing where it does not speak of that.
    pub egress: Option<Vec<Rule>>,
}

impl Policy {
    /// Its rules for a direction; nothing where it does not speak of that.
    pub fn rules(&self, direction: Direction) -> Option<&[Rule]> {
        match direction {
            Direction::Ingress => self.ingress.as_deref(),
            Direction::Egress => self.egress.as_deref(),
        }
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Its place in the list in which it is written.
    pub place: usize,
    /// What it does.
    pub action: Action,
    /// Who is at the other end.
    pub peers: Peers,
    /// To which ports of the destination.
    pub ports: RulePorts,
}

/// Whom a rule names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Peers {
    /// Everyone within the cluster and without.
    Everyone,
    /// Whoever is one of these.
    Any(Vec<Peer>),
}

/// One of those whom a rule names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Peer {
    /// Pods that have an address of their own.
    Pods(Pods),
    /// Whoever has one of these addresses.
    Addresses(Addresses),
    /// Nodes, and with them the pods on their network.
    Nodes(LabelSelector),
}

/// Pods by their labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pods {
    /// Where.
    pub namespaces: Namespaces,
    /// Which of those there.
    pub pods: LabelSelector,
}

/// Namespaces by name or labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Namespaces {
    /// The one of this name.
    Named(String),
    /// Those with such labels.
    Selected(LabelSelector),
}

/// The ports of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RulePorts {
    /// Those that it gives by number.
    pub fixed: Connections,
    /// Those that it gives by name.
    pub named: Vec<NamedPort>,
}

impl RulePorts {
    /// All ports of all protocols.
    pub fn all() -> Self {
        Self {
            fixed: Connections::all(),
            named: Vec::new(),
        }
    }
}

/// A port that a destination may have under a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NamedPort {
    /// Its protocol; any, where the rule gives none.
    pub protocol: Option<Protocol>,
    /// Its name.
    pub name: String,
}

/// What is wrong with a policy, so that the API server would not take it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flaw {
    /// The policy.
    pub object: ObjectRef,
    /// Where: `spec.ingress[0].ports[1].endPort`.
    pub path: String,
    /// Why, in the API server's words.
    pub reason: String,
}
