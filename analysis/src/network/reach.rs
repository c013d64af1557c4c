//! What can reach a workload and what it can reach, with the policies that say so.

use std::collections::BTreeMap;

use shared::network::reach::{Between, BetweenSorts, Named, Peer, Reach, Side, Sort};
use shared::network::{BlockEndpoint, Connections, Endpoint, SideVerdict, WorkloadEndpoint};
use shared::object::ObjectRef;

use super::address::Addresses;
use super::classes::{ClassId, Of};
use super::connections;
use super::engine::Network;
use super::interned::{Id, Interned, NONE};
use super::listing::{self, Listed, Unit, listed, units};
use super::model::Model;
use super::rule::Direction;
use super::why;

/// What can reach somebody and what they can reach; none where there is nobody of that name.
pub fn reach(model: &Model, network: &Network, of: &Named) -> Option<Reach> {
    let units = units(model, network);
    let mut asking = Asking::new(network);
    let ends = ends(model, network, &units, of);
    let sorts: Vec<Sort> = ends.iter().map(|end| asking.sort(&units, end)).collect();
    (!sorts.is_empty()).then_some(Reach {
        sorts,
        verdicts: asking.verdicts,
        gaps: Vec::new(),
    })
}

/// What may pass between two ends, and why; none where there is nobody of one of the names.
pub fn between(model: &Model, network: &Network, from: &Named, to: &Named) -> Option<Between> {
    let units = units(model, network);
    let (sources, destinations) = (ends(model, network, &units, from), ends(model, network, &units, to));
    let pairs = sources.iter().flat_map(|source| {
        let pair = move |destination| between_sorts(network, source, destination);
        destinations.iter().map(pair)
    });
    let pairs: Vec<_> = pairs.collect();
    (!pairs.is_empty()).then_some(Between {
        pairs,
        gaps: Vec::new(),
    })
}

fn between_sorts(network: &Network, source: &End, destination: &End) -> BetweenSorts {
    let shares_node = source.shares_node(destination);
    let (from, to) = (source.class, destination.class);
    // "A pod cannot block itself"; others of its workload it can.
    let is_itself = source.is_one() && source.endpoint == destination.endpoint;
    let passes = match shares_node || is_itself {
        true => connections::Connections::all(),
        false => network.connections(from, to),
    };
    BetweenSorts {
        source: source.endpoint.clone(),
        destination: destination.endpoint.clone(),
        connections: listed(&passes),
        out: why::side(network, Direction::Egress, from, to),
        into: why::side(network, Direction::Ingress, to, from),
        shares_node,
    }
}

/// Pods that policies do not tell apart, or an address.
struct End {
    endpoint: Endpoint,
    class: ClassId,
    /// None of an address.
    unit: Option<Unit>,
}

impl End {
    fn of(unit: &Unit) -> Self {
        Self {
            endpoint: unit.endpoint.clone(),
            class: unit.class,
            unit: Some(unit.clone()),
        }
    }

    fn is_one(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| unit.pods == 1)
    }

    fn shares_node(&self, other: &Self) -> bool {
        let both = self.unit.as_ref().zip(other.unit.as_ref());
        both.is_some_and(|(one, two)| listing::shares_node(one, two))
    }
}

/// The sorts of pods of somebody.
fn ends(model: &Model, network: &Network, units: &[Unit], of: &Named) -> Vec<End> {
    match of {
        Named::Address(address) => {
            let cidr = ipnet::IpNet::from(*address).to_string();
            vec![End {
                endpoint: Endpoint::Block(BlockEndpoint { cidr }),
                class: network.classes.of_address(*address),
                unit: None,
            }]
        }
        Named::Workload(of) => {
            let is_it = |unit: &&Unit| {
                let known = &model.workloads[unit.workload];
                (&known.namespace, &known.kind, &known.name) == (&of.namespace, &of.kind, &of.name)
            };
            let sorts: Vec<End> = units.iter().filter(is_it).map(End::of).collect();
            match sorts.is_empty() {
                true => pod(model, network, of).iter().map(End::of).collect(),
                false => sorts,
            }
        }
    }
}

/// A pod by its own name.
fn pod(model: &Model, network: &Network, of: &WorkloadEndpoint) -> Option<Unit> {
    let entries = model.pods.iter().zip(&network.classes.of_pods);
    let near = entries.filter(|(pods, _)| of.kind == "Pod" && model.namespaces[pods.namespace].name == of.namespace);
    let mut places = near.flat_map(|(pods, classes)| {
        let places = pods.each.iter().zip(classes);
        places.map(move |(place, class)| (pods, place, *class))
    });
    let (pods, place, class) = places.find(|(_, place, _)| place.pod == of.name)?;
    Some(listing::pod(Endpoint::Workload(of.clone()), pods, place, class))
}

/// What was found out, each once.
struct Asking<'a> {
    network: &'a Network,
    sets: Interned,
    listed: Listed,
    verdicts: Vec<SideVerdict>,
    known: BTreeMap<(Direction, ClassId, ClassId), usize>,
}

impl<'a> Asking<'a> {
    fn new(network: &'a Network) -> Self {
        Self {
            network,
            sets: network.sets().clone(),
            listed: Listed::default(),
            verdicts: Vec::new(),
            known: BTreeMap::new(),
        }
    }

    fn sort(&mut self, units: &[Unit], end: &End) -> Sort {
        Sort {
            end: end.endpoint.clone(),
            pods: end.unit.as_ref().map(|unit| unit.pods),
            ingress: self.side(units, end, Direction::Ingress),
            egress: self.side(units, end, Direction::Egress),
        }
    }

    fn side(&mut self, units: &[Unit], end: &End, direction: Direction) -> Side {
        let mut side = Side {
            policies: self.speaking(direction, end.class),
            ..Side::default()
        };
        let workload = end.unit.as_ref().map(|unit| unit.workload);
        for other in units.iter().filter(|other| Some(other.workload) != workload) {
            match self.peer(end, &End::of(other), direction) {
                Some(peer) => side.peers.push(peer),
                None => side.cut += 1,
            }
        }
        // Of what passes between two addresses policies of pods say nothing.
        if end.unit.is_some() {
            side.peers.extend(self.outside(end.class, direction));
        }
        side
    }

    fn speaking(&self, direction: Direction, class: ClassId) -> Vec<ObjectRef> {
        let places = self.network.policies_of(direction, class).iter();
        places
            .map(|place| self.network.policies[*place].object.clone())
            .collect()
    }

    fn peer(&mut self, end: &End, other: &End, direction: Direction) -> Option<Peer> {
        let (from, to) = turned(direction, end.class, other.class);
        let shares_node = end.shares_node(other);
        let connections = match shares_node {
            true => listed(&connections::Connections::all()),
            false => self.passing(from, to)?.1,
        };
        Some(Peer {
            end: other.endpoint.clone(),
            connections,
            out: self.verdict(Direction::Egress, from, to),
            into: self.verdict(Direction::Ingress, to, from),
            shares_node,
        })
    }

    fn passing(&mut self, from: ClassId, to: ClassId) -> Option<(Id, Connections)> {
        let id = self.network.pass(&mut self.sets, from, to);
        (id != NONE).then(|| (id, self.listed.of(&self.sets, id)))
    }

    /// Outside addresses with which something may pass, as the fewest blocks of which policies say the same.
    fn outside(&mut self, class: ClassId, direction: Direction) -> Vec<Peer> {
        let network = self.network;
        let mut alike: BTreeMap<(usize, usize, Id), (Addresses, Connections)> = BTreeMap::new();
        for (other, known) in (0..).zip(&network.classes.all) {
            let (from, to) = turned(direction, class, other);
            if let (Of::Addresses(addresses), Some((id, connections))) = (&known.of, self.passing(from, to)) {
                let out = self.verdict(Direction::Egress, from, to);
                let into = self.verdict(Direction::Ingress, to, from);
                let together = alike
                    .entry((out, into, id))
                    .or_insert_with(|| (Addresses::default(), connections));
                together.0 = together.0.union(addresses);
            }
        }
        let peers = alike
            .into_iter()
            .flat_map(|((out, into, _), (addresses, connections))| {
                let peer = move |block: ipnet::IpNet| {
                    (
                        block,
                        Peer {
                            end: Endpoint::Block(BlockEndpoint {
                                cidr: block.to_string(),
                            }),
                            connections: connections.clone(),
                            out,
                            into,
                            shares_node: false,
                        },
                    )
                };
                addresses.blocks().into_iter().map(peer)
            });
        let mut peers: Vec<_> = peers.collect();
        peers.sort_by_key(|(block, _)| *block);
        peers.into_iter().map(|(_, peer)| peer).collect()
    }

    fn verdict(&mut self, direction: Direction, subject: ClassId, peer: ClassId) -> usize {
        if let Some(place) = self.known.get(&(direction, subject, peer)) {
            return *place;
        }
        let verdict = why::side(self.network, direction, subject, peer);
        let known = self.verdicts.iter().position(|known| *known == verdict);
        let place = known.unwrap_or_else(|| {
            self.verdicts.push(verdict);
            self.verdicts.len() - 1
        });
        self.known.insert((direction, subject, peer), place);
        place
    }
}

/// Who connects, and to whom.
fn turned(direction: Direction, one: ClassId, other: ClassId) -> (ClassId, ClassId) {
    match direction {
        Direction::Ingress => (other, one),
        Direction::Egress => (one, other),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::cluster::Cluster;
    use crate::fixture::snapshot;
    use crate::network::read;

    const SHOP: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: job, namespace: shop}
spec: {template: {metadata: {labels: {app: job}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: db-0, namespace: shop, labels: {app: db}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, controller: true}]}
spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: sql}]}
    - {from: [{ipBlock: {cidr: 192.0.2.0/24}}]}
";

    fn evaluated() -> (Model, Network) {
        let snapshot = snapshot(SHOP);
        let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
        let network = Network::new(&model, read::policies(&snapshot).0);
        (model, network)
    }

    fn told(end: &Endpoint) -> String {
        match end {
            Endpoint::Workload(workload) => workload.name.clone(),
            Endpoint::Block(block) => block.cidr.clone(),
        }
    }

    fn asked(of: &str) -> Reach {
        let (model, network) = evaluated();
        reach(&model, &network, &of.parse().unwrap()).unwrap()
    }

    #[test]
    fn who_reaches_a_workload_is_told_with_the_rule_that_lets_them() {
        let found = asked("shop/StatefulSet/db");
        let ingress = &found.sorts[0].ingress;
        let peers: Vec<String> = ingress.peers.iter().map(|peer| told(&peer.end)).collect();
        assert_eq!(
            (peers, ingress.cut),
            (vec!["web".to_owned(), "192.0.2.0/24".to_owned()], 1)
        );
        let rules = |peer: &Peer| -> Vec<Option<String>> {
            let said = found.verdicts[peer.into].said.iter();
            said.map(|said| said.rule.clone()).collect()
        };
        assert_eq!(rules(&ingress.peers[0]), [Some("spec.ingress[0]".to_owned())]);
        assert_eq!(rules(&ingress.peers[1]), [Some("spec.ingress[1]".to_owned())]);
        let egress = &found.sorts[0].egress;
        assert_eq!((egress.peers.len(), egress.cut), (0, 2));
        assert_eq!(egress.policies[0].name, "db");
    }

    #[test]
    fn a_pod_and_an_address_can_be_asked_about() {
        assert_eq!(asked("shop/Pod/db-0").sorts[0].ingress.cut, 1);
        let outside = asked("192.0.2.7");
        let reached: Vec<String> = outside.sorts[0]
            .egress
            .peers
            .iter()
            .map(|peer| told(&peer.end))
            .collect();
        assert_eq!(
            (reached, outside.sorts[0].pods),
            (vec!["job".to_owned(), "web".into(), "db".into()], None)
        );
        let (model, network) = evaluated();
        for unknown in ["shop/Deployment/db", "shop/Pod/db-1", "other/Pod/db-0"] {
            assert_eq!(reach(&model, &network, &unknown.parse().unwrap()), None, "{unknown}");
        }
    }

    #[test]
    fn what_cuts_two_ends_apart_is_told_from_both_sides() {
        let (model, network) = evaluated();
        let ask = |from: &str, to: &str| {
            let found = between(&model, &network, &from.parse().unwrap(), &to.parse().unwrap());
            found.unwrap().pairs.remove(0)
        };
        let cut = ask("shop/Deployment/job", "shop/StatefulSet/db");
        assert_eq!(cut.connections, Connections::Some(Vec::new()));
        assert!(cut.out.said.is_empty() && cut.into.is_isolated);
        assert_eq!(cut.into.said[0].rule, None);
        // A pod cannot block itself.
        assert_eq!(
            ask("shop/Pod/db-0", "shop/Pod/db-0").connections,
            listed(&connections::Connections::all())
        );
    }
}
