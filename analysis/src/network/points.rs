//! Pods and addresses one by one, and those of them that a policy names.

use std::collections::{BTreeMap, HashMap};

use super::address::{Addresses, Division};
use super::model::{Model, Place};
use super::rule::{Namespaces, Peer, Peers, Pods, Policy, Tier};
use crate::model::meta::LabelSelector;
use crate::selector;

/// The place of a point.
pub(super) type PointId = u32;

/// Pods of one entry of the model that lie in the same parts of all addresses, or such a part itself.
#[derive(Debug)]
pub(super) struct Point {
    /// The entry, and which of it; none of addresses.
    pub(super) pods: Option<(usize, Vec<usize>)>,
    /// The parts of all addresses in which they are.
    pub(super) parts: Vec<usize>,
    /// The node of pods that are on its network.
    pub(super) node: Option<usize>,
}

/// All points of a cluster, with what it takes to find some of them.
#[derive(Debug)]
pub(super) struct Points<'a> {
    model: &'a Model,
    /// How the policies' blocks divide all addresses.
    pub(super) division: Division,
    /// The policies' blocks, in the order in which the division knows them.
    blocks: Vec<&'a Addresses>,
    /// The points: pods, then addresses.
    pub(super) all: Vec<Point>,
    /// Pods with an address of their own, by the place of their namespace.
    in_namespace: Vec<Vec<PointId>>,
    labelled: HashMap<(&'a str, &'a str), Vec<PointId>>,
}

impl<'a> Points<'a> {
    /// The points that these policies may tell apart.
    pub(super) fn of(model: &'a Model, policies: &'a [Policy]) -> Self {
        let blocks = blocks(policies);
        let division = Division::by(&blocks);
        let mut points = Self {
            model,
            blocks,
            all: Vec::new(),
            in_namespace: vec![Vec::new(); model.namespaces.len()],
            labelled: HashMap::new(),
            division,
        };
        for entry in 0..model.pods.len() {
            points.add(entry);
        }
        let addresses = (0..points.division.parts().len()).map(|part| Point {
            pods: None,
            parts: vec![part],
            node: None,
        });
        points.all.extend(addresses);
        points
    }

    fn add(&mut self, entry: usize) {
        let model = self.model;
        let pods = &model.pods[entry];
        let mut alike: BTreeMap<(Vec<usize>, Option<usize>), Vec<usize>> = BTreeMap::new();
        for (place, one) in pods.each.iter().enumerate() {
            let node = one.node.filter(|_| pods.host_network);
            alike.entry((self.parts(one), node)).or_default().push(place);
        }
        for ((parts, node), each) in alike {
            let id = PointId::try_from(self.all.len()).unwrap_or(PointId::MAX);
            let pods_of = Some((entry, each));
            self.all.push(Point {
                pods: pods_of,
                parts,
                node,
            });
            if pods.host_network {
                continue;
            }
            self.in_namespace[pods.namespace].push(id);
            for (key, value) in pods.labels.pairs() {
                self.labelled.entry((key, value)).or_default().push(id);
            }
        }
    }

    fn parts(&self, place: &Place) -> Vec<usize> {
        let parts = place.addresses.iter().map(|address| self.division.part_of(*address));
        let mut parts: Vec<usize> = parts.collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Those whom a peer of a policy names, in order.
    pub(super) fn named(&self, peer: &Peer, tier: Tier) -> Vec<PointId> {
        match peer {
            Peer::Pods(pods) => self.pods(pods),
            Peer::Addresses(block) => self.at(block, tier),
            Peer::Nodes(nodes) => self.on_nodes(nodes),
        }
    }

    /// Pods by their labels, in order.
    pub(super) fn pods(&self, pods: &Pods) -> Vec<PointId> {
        let namespaces = self.namespaces(&pods.namespaces);
        let matches = |id: &PointId| {
            let entry = self.all[*id as usize].pods.as_ref();
            entry.is_some_and(|(entry, _)| selector::matches(&pods.pods, &self.model.pods[*entry].labels))
        };
        let label = pods.pods.match_labels.pairs().next();
        let mut found: Vec<PointId> = match label.filter(|_| namespaces.len() > 1) {
            Some((key, value)) => {
                let candidates = self.labelled.get(&(key.as_str(), value.as_str()));
                let is_there = |id: &&PointId| {
                    let entry = self.all[**id as usize].pods.as_ref();
                    entry.is_some_and(|(entry, _)| namespaces.binary_search(&self.model.pods[*entry].namespace).is_ok())
                };
                candidates
                    .into_iter()
                    .flatten()
                    .filter(is_there)
                    .copied()
                    .filter(matches)
                    .collect()
            }
            None => {
                let there = namespaces.iter().flat_map(|namespace| &self.in_namespace[*namespace]);
                there.copied().filter(matches).collect()
            }
        };
        found.sort_unstable();
        found
    }

    /// The places of namespaces, in order.
    fn namespaces(&self, namespaces: &Namespaces) -> Vec<usize> {
        let all = self.model.namespaces.iter().enumerate();
        let is_one = |namespace: &super::model::Named| match namespaces {
            Namespaces::Named(name) => namespace.name == *name,
            Namespaces::Selected(wanted) => selector::matches(wanted, &namespace.labels),
        };
        all.filter(|(_, namespace)| is_one(namespace))
            .map(|(place, _)| place)
            .collect()
    }

    /// Whoever has an address in a block. Of a pod whose address is not known nothing can be said, but that cluster-wide
    /// policies mean it where they name every address of IPv4: "if you Accept or Deny traffic to 0.0.0.0/0, that will
    /// allow or deny all IPv4 pod-to-pod traffic as well".
    ///
    /// A connection goes by one address, and a pod with one of each family is in a block by either: which it will be is the
    /// client's choice. So what one family lets through may pass. What a rule for the whole cluster denies by one family alone is told
    /// as cut off all the same, though it may still go by the other: there is one verdict for each pair of pods, not one for each
    /// family.
    fn at(&self, block: &Addresses, tier: Tier) -> Vec<PointId> {
        let place = self.blocks.binary_search(&block).ok();
        let is_in =
            |part: &usize| place.is_some_and(|place| self.division.parts()[*part].sets.binary_search(&place).is_ok());
        let takes_all = tier != Tier::Namespaced && block.holds_all_of_v4();
        let holds = |point: &Point| match point.parts.as_slice() {
            [] => takes_all,
            parts => parts.iter().any(is_in),
        };
        self.which(holds)
    }

    fn on_nodes(&self, nodes: &LabelSelector) -> Vec<PointId> {
        let matches = |node: usize| selector::matches(nodes, &self.model.nodes[node].labels);
        self.which(|point| point.node.is_some_and(matches))
    }

    fn which(&self, holds: impl Fn(&Point) -> bool) -> Vec<PointId> {
        let ids = (0..).zip(&self.all);
        ids.filter(|(_, point)| holds(point)).map(|(id, _)| id).collect()
    }
}

/// The blocks that policies name, each once, in order.
fn blocks(policies: &[Policy]) -> Vec<&Addresses> {
    let rules = policies
        .iter()
        .flat_map(|policy| policy.ingress.iter().chain(&policy.egress).flatten());
    let peers = rules.filter_map(|rule| match &rule.peers {
        Peers::Any(peers) => Some(peers),
        Peers::Everyone => None,
    });
    let blocks = peers.flatten().filter_map(|peer| match peer {
        Peer::Addresses(addresses) => Some(addresses),
        Peer::Pods(_) | Peer::Nodes(_) => None,
    });
    let mut blocks: Vec<&Addresses> = blocks.collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}
