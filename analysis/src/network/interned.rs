//! Sets of connections by number, so that what was joined once is not joined again: a cluster has millions of pairs of pods
//! and a handful of different sets.

use std::collections::HashMap;

use super::connections::Connections;

/// The number of a set.
pub type Id = u32;
/// Nothing.
pub const NONE: Id = 0;
/// Everything.
pub const ALL: Id = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// The sets.
#[derive(Debug, Clone)]
pub struct Interned {
    sets: Vec<Connections>,
    ids: HashMap<Connections, Id>,
    known: HashMap<(Operation, Id, Id), Id>,
}

impl Default for Interned {
    /// With nothing and everything.
    fn default() -> Self {
        let mut new = Self {
            sets: Vec::new(),
            ids: HashMap::new(),
            known: HashMap::new(),
        };
        new.id(Connections::NONE);
        new.id(Connections::all());
        new
    }
}

impl Interned {
    /// The number of a set.
    pub fn id(&mut self, set: Connections) -> Id {
        let next = Id::try_from(self.sets.len()).unwrap_or(Id::MAX);
        *self.ids.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            next
        })
    }

    /// The set of a number.
    pub fn get(&self, id: Id) -> &Connections {
        &self.sets[id as usize]
    }

    /// What is in either.
    pub fn union(&mut self, one: Id, two: Id) -> Id {
        match (one, two) {
            (NONE, other) | (other, NONE) => other,
            (ALL, _) | (_, ALL) => ALL,
            _ if one == two => one,
            _ => self.join(Operation::Union, one.min(two), one.max(two)),
        }
    }

    /// What is in both.
    pub fn intersection(&mut self, one: Id, two: Id) -> Id {
        match (one, two) {
            (ALL, other) | (other, ALL) => other,
            (NONE, _) | (_, NONE) => NONE,
            _ if one == two => one,
            _ => self.join(Operation::Intersection, one.min(two), one.max(two)),
        }
    }

    /// What is in the one and not in the other.
    pub fn difference(&mut self, one: Id, other: Id) -> Id {
        match (one, other) {
            (_, NONE) => one,
            (NONE, _) | (_, ALL) => NONE,
            _ if one == other => NONE,
            _ => self.join(Operation::Difference, one, other),
        }
    }

    fn join(&mut self, operation: Operation, one: Id, two: Id) -> Id {
        if let Some(known) = self.known.get(&(operation, one, two)) {
            return *known;
        }
        let (left, right) = (self.get(one), self.get(two));
        let joined = match operation {
            Operation::Union => left.union(right),
            Operation::Intersection => left.intersection(right),
            Operation::Difference => left.difference(right),
        };
        let id = self.id(joined);
        self.known.insert((operation, one, two), id);
        id
    }
}
