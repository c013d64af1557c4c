//! Which pods and addresses no policy can tell apart.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use prost::Message;

use super::address::{Addresses, Division};
use super::model::{ContainerPort, Model};
use super::points::{PointId, Points};
use super::rule::{Namespaces, Peer, Peers, Pods, Policy, Tier};

/// The place of a class.
pub type ClassId = u32;

/// Pods, or addresses, that no policy tells apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// What it is of.
    pub of: Of,
    /// The ports that policies may mean by a name.
    pub ports: Vec<ContainerPort>,
}

/// What a class is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Of {
    /// Pods with an address of their own.
    Pods,
    /// Pods on the network of their node, over which policies have no say.
    Host,
    /// Addresses; of those of the cluster's own pods and nodes, what is there besides.
    Addresses(Addresses),
}

/// The classes of a cluster under some policies, and the sets of them that policies name.
#[derive(Debug)]
pub struct Classes {
    /// The classes.
    pub all: Vec<Class>,
    /// The class of each pod: by its entry in the model, and its place in it.
    pub of_pods: Vec<Vec<ClassId>>,
    /// The sets, each in order.
    pub sets: Vec<Vec<ClassId>>,
    /// The place of a set, by what describes it.
    known: HashMap<Vec<u8>, usize>,
    division: Division,
    /// The class of each part of the division.
    of_parts: Vec<ClassId>,
}

/// What is the same of all that are of one class: for pods whether they are on the network of their node, the ports that policies
/// name, the sets that they are in, and for addresses their part.
type Likeness = (Option<bool>, Vec<ContainerPort>, Vec<usize>, Option<usize>);

impl Classes {
    /// Finds them.
    pub fn of(model: &Model, policies: &[Policy]) -> Self {
        let points = Points::of(model, policies);
        let (known, sets) = sets(&points, policies);
        let mut memberships: Vec<Vec<usize>> = vec![Vec::new(); points.all.len()];
        for (set, members) in sets.iter().enumerate() {
            for point in members {
                memberships[*point as usize].push(set);
            }
        }
        let names = names(policies);
        let mut ids: HashMap<Likeness, ClassId> = HashMap::new();
        let mut classes = Self {
            all: Vec::new(),
            of_pods: model.pods.iter().map(|pods| vec![0; pods.each.len()]).collect(),
            sets: Vec::new(),
            known,
            division: Division::default(),
            of_parts: Vec::new(),
        };
        let mut class_of = Vec::with_capacity(points.all.len());
        for (point, membership) in points.all.iter().zip(memberships) {
            let pods = point.pods.as_ref().map(|(entry, _)| &model.pods[*entry]);
            // Pods on the network of their node are to policies what the node is, whose ports have no names.
            let named = pods.filter(|pods| !pods.host_network);
            let mut ports = named.map(|pods| pods.ports.clone()).unwrap_or_default();
            ports.retain(|port| names.contains(port.name.as_str()));
            // A part of all addresses is a class of its own.
            let part = point.parts.first().copied().filter(|_| pods.is_none());
            let key = (pods.map(|pods| pods.host_network), ports, membership, part);
            let next = ClassId::try_from(classes.all.len()).unwrap_or(ClassId::MAX);
            let id = *ids.entry(key).or_insert_with_key(|(host, ports, ..)| {
                let of = match (host, part) {
                    (Some(true), _) => Of::Host,
                    (None, Some(part)) => Of::Addresses(points.division.parts()[part].addresses.clone()),
                    _ => Of::Pods,
                };
                classes.all.push(Class {
                    of,
                    ports: ports.clone(),
                });
                next
            });
            class_of.push(id);
            match &point.pods {
                Some((entry, places)) => places.iter().for_each(|place| classes.of_pods[*entry][*place] = id),
                None => classes.of_parts.push(id),
            }
        }
        classes.sets = sets.iter().map(|set| to_classes(set, &class_of)).collect();
        classes.division = points.division;
        classes
    }

    /// The class of whoever has an address and is no pod that is known.
    pub fn of_address(&self, address: IpAddr) -> ClassId {
        self.of_parts[self.division.part_of(address)]
    }

    /// Whom a policy is about.
    pub fn subject(&self, policy: &Policy) -> &[ClassId] {
        self.set(&key(&Peer::Pods(policy.subject.clone()), policy.tier))
    }

    /// Whom a peer of a policy names.
    pub fn peer(&self, peer: &Peer, tier: Tier) -> &[ClassId] {
        self.set(&key(peer, tier))
    }

    fn set(&self, key: &[u8]) -> &[ClassId] {
        self.known.get(key).map_or(&[], |set| &self.sets[*set])
    }
}

/// The sets of points that policies name, each once, with what describes it.
fn sets(points: &Points<'_>, policies: &[Policy]) -> (HashMap<Vec<u8>, usize>, Vec<Vec<PointId>>) {
    let (mut known, mut sets) = (HashMap::new(), Vec::new());
    let mut add = |peer: &Peer, tier: Tier| {
        known.entry(key(peer, tier)).or_insert_with(|| {
            sets.push(points.named(peer, tier));
            sets.len() - 1
        });
    };
    for policy in policies {
        add(&Peer::Pods(policy.subject.clone()), policy.tier);
        for rule in policy.ingress.iter().chain(&policy.egress).flatten() {
            if let Peers::Any(peers) = &rule.peers {
                peers.iter().for_each(|peer| add(peer, policy.tier));
            }
        }
    }
    (known, sets)
}

fn to_classes(points: &[PointId], class_of: &[ClassId]) -> Vec<ClassId> {
    let mut classes: Vec<ClassId> = points.iter().map(|point| class_of[*point as usize]).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// The names of ports that policies use.
fn names(policies: &[Policy]) -> BTreeSet<&str> {
    let rules = policies
        .iter()
        .flat_map(|policy| policy.ingress.iter().chain(&policy.egress).flatten());
    rules
        .flat_map(|rule| rule.ports.named.iter().map(|port| port.name.as_str()))
        .collect()
}

/// What describes a peer: two that say the same of whom they name have the same.
fn key(peer: &Peer, tier: Tier) -> Vec<u8> {
    match peer {
        Peer::Pods(Pods { namespaces, pods }) => {
            let mut key = vec![0];
            match namespaces {
                Namespaces::Named(name) => {
                    key.push(0);
                    key.extend(name.as_bytes());
                }
                Namespaces::Selected(selector) => {
                    key.push(1);
                    // Neither can be mistaken for the other: how long the first is stands before it.
                    key.extend(selector.encode_length_delimited_to_vec());
                }
            }
            key.push(0);
            key.extend(pods.encode_length_delimited_to_vec());
            key
        }
        Peer::Addresses(addresses) => {
            let tier = u8::from(tier == Tier::Namespaced);
            let blocks = addresses.blocks();
            let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
            [&[1, tier], blocks.join(" ").as_bytes()].concat()
        }
        Peer::Nodes(selector) => [vec![2], selector.encode_to_vec()].concat(),
    }
}
