//! What may pass before and after, in sets that are numbered alike.

use super::matched::Joint;
use crate::network::classes::ClassId;
use crate::network::engine::Network;
use crate::network::interned::{ALL, Id, Interned, NONE};

/// What may pass in two states.
pub(super) struct Passing<'a> {
    /// The sets of both.
    pub(super) sets: Interned,
    sides: [Side<'a>; 2],
}

struct Side<'a> {
    network: &'a Network,
    /// The sets of this state alone.
    sets: Interned,
    /// Their numbers among the sets of both, as far as they were asked for.
    common: Vec<Option<Id>>,
}

impl<'a> Passing<'a> {
    pub(super) fn new(before: &'a Network, after: &'a Network) -> Self {
        let side = |network: &'a Network| Side {
            network,
            sets: network.sets().clone(),
            common: Vec::new(),
        };
        Self {
            sets: Interned::default(),
            sides: [side(before), side(after)],
        }
    }

    /// What may pass after that could not before, and the other way round.
    pub(super) fn change(&mut self, from: Joint, to: Joint) -> (Id, Id) {
        self.change_beside(from, to, [false; 2])
    }

    /// The same between two ends of which one may be the other's own node, before and after.
    pub(super) fn change_beside(&mut self, from: Joint, to: Joint, shares_node: [bool; 2]) -> (Id, Id) {
        let [before, after] = std::array::from_fn(|side| match (from[side], to[side]) {
            (Some(_), Some(_)) if shares_node[side] => ALL,
            (Some(from), Some(to)) => self.sides[side].pass(&mut self.sets, from, to),
            _ => NONE,
        });
        if before == after {
            return (NONE, NONE);
        }
        (self.sets.difference(after, before), self.sets.difference(before, after))
    }
}

impl Side<'_> {
    fn pass(&mut self, common: &mut Interned, from: ClassId, to: ClassId) -> Id {
        let id = self.network.pass(&mut self.sets, from, to) as usize;
        if self.common.len() <= id {
            self.common.resize(id + 1, None);
        }
        *self.common[id].get_or_insert_with(|| {
            let own = Id::try_from(id).unwrap_or(Id::MAX);
            common.id(self.sets.get(own).clone())
        })
    }
}
