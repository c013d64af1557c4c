//! What can reach a workload and what it can reach, with the policies that say so.

mod ends;

use std::collections::BTreeMap;

use shared::network::reach::{Between, BetweenSorts, Named, Peer, Reach, Side, Sort};
use shared::network::{BlockEndpoint, Connections, Endpoint, SideVerdict};
use shared::object::ObjectRef;

use super::address::Addresses;
use super::classes::{ClassId, Of};
use super::connections;
use super::engine::Network;
use super::interned::{Id, Interned, NONE};
use super::listing::{Listed, Unit, listed, units};
use super::model::Model;
use super::rule::Direction;
use super::why;
use ends::{End, ends};

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
mod tests;
