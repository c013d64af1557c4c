//! What policies say of traffic to pods, each answer found once.

use std::collections::HashMap;

use shared::object::ObjectRef;

use crate::network::address::Addresses;
use crate::network::classes::{ClassId, Of};
use crate::network::connections::Protocol;
use crate::network::engine::Network;
use crate::network::rule::Direction;
use crate::network::why;

/// What was asked of the policies.
pub(super) struct Policies<'a> {
    network: &'a Network,
    outside: Vec<(ClassId, &'a Addresses)>,
    /// The outside addresses that are let in to a port of a class.
    let_in: HashMap<(ClassId, Protocol, u16), Addresses>,
    /// Whether a class is isolated, and the policies that speak of traffic from another.
    said: HashMap<(ClassId, ClassId), (bool, Vec<ObjectRef>)>,
}

impl<'a> Policies<'a> {
    pub(super) fn of(network: &'a Network) -> Self {
        Self {
            network,
            outside: outside(network),
            let_in: HashMap::new(),
            said: HashMap::new(),
        }
    }

    pub(super) fn let_in(&mut self, class: ClassId, protocol: Protocol, port: u16) -> Addresses {
        let (network, outside) = (self.network, &self.outside);
        let found = self.let_in.entry((class, protocol, port)).or_insert_with(|| {
            let passes = |from: ClassId| network.connections(from, class).ports(protocol).contains(port);
            let let_in = outside.iter().filter(|(from, _)| passes(*from));
            Addresses::of_all(let_in.map(|(_, addresses)| *addresses))
        });
        found.clone()
    }

    pub(super) fn said(&mut self, class: ClassId, peer: ClassId) -> (bool, Vec<ObjectRef>) {
        let network = self.network;
        let found = self.said.entry((class, peer)).or_insert_with(|| {
            let side = why::side(network, Direction::Ingress, class, peer);
            let mut policies: Vec<ObjectRef> = side.said.into_iter().map(|said| said.policy).collect();
            policies.dedup();
            (side.is_isolated, policies)
        });
        found.clone()
    }
}

fn outside(network: &Network) -> Vec<(ClassId, &Addresses)> {
    let classes = (0..).zip(&network.classes.all);
    let outside = classes.filter_map(|(class, known)| match &known.of {
        Of::Addresses(addresses) => Some((class, addresses)),
        Of::Pods | Of::Host => None,
    });
    outside.collect()
}
