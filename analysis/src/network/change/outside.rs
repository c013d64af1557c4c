//! Outside addresses, which the policies of two states divide each in their own way.

use std::collections::BTreeMap;

use ipnet::IpNet;
use shared::network::{BlockEndpoint, Endpoint};

use super::matched::Joint;
use crate::network::address::{Addresses, Division};
use crate::network::classes::{ClassId, Of};
use crate::network::engine::Network;
use crate::network::interned::{Id, NONE};

/// Addresses that neither state's policies tell apart, with their classes.
pub(in crate::network) struct Joints(Vec<(Joint, Addresses)>);

/// A block, what is added of its traffic, and what removed.
pub(super) type Block = (Endpoint, Id, Id);

/// All addresses.
pub(in crate::network) fn joints(before: &Network, after: &Network) -> Joints {
    let (before, after) = (parts(before), parts(after));
    let all: Vec<&Addresses> = before.iter().chain(&after).map(|(_, addresses)| *addresses).collect();
    let division = Division::by(&all);
    let joints = division.parts().iter().map(|part| {
        // Each state's parts hold every address once.
        let class = |set: usize| match set.checked_sub(before.len()) {
            None => (0, before[set].0),
            Some(set) => (1, after[set].0),
        };
        let mut joint: Joint = [None; 2];
        for (side, class) in part.sets.iter().map(|set| class(*set)) {
            joint[side] = Some(class);
        }
        (joint, part.addresses.clone())
    });
    Joints(joints.collect())
}

fn parts(network: &Network) -> Vec<(ClassId, &Addresses)> {
    let classes = (0..).zip(&network.classes.all);
    let parts = classes.filter_map(|(class, known)| match &known.of {
        Of::Addresses(addresses) => Some((class, addresses)),
        Of::Pods | Of::Host => None,
    });
    parts.collect()
}

impl Joints {
    /// The classes.
    pub(in crate::network) fn all(&self) -> impl Iterator<Item = Joint> {
        self.0.iter().map(|(joint, _)| *joint)
    }

    /// The addresses for which something changes, as the fewest blocks, in order.
    pub(super) fn blocks(&self, mut change: impl FnMut(Joint) -> (Id, Id)) -> Vec<Block> {
        let mut alike: BTreeMap<(Id, Id), Vec<&Addresses>> = BTreeMap::new();
        for (joint, addresses) in &self.0 {
            alike.entry(change(*joint)).or_default().push(addresses);
        }
        alike.remove(&(NONE, NONE));
        let mut blocks: Vec<(IpNet, Id, Id)> = Vec::new();
        for ((added, removed), all) in alike {
            let all = Addresses::of_all(all);
            blocks.extend(all.blocks().into_iter().map(|block| (block, added, removed)));
        }
        blocks.sort_unstable();
        let endpoint = |cidr: IpNet| Endpoint::Block(BlockEndpoint { cidr: cidr.to_string() });
        let told = blocks
            .into_iter()
            .map(|(block, added, removed)| (endpoint(block), added, removed));
        told.collect()
    }
}
