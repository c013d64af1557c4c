//! How anyone could become administrator.
//!
//! An attacker is all whom they can act as. What is true of one (a role that is held, pods that may be made, a node that is
//! owned) are facts, and steps lead from several of them to another: a graph of ANDs and ORs, whose derivations name the
//! binding and the rule on which they rest. Two permissions that one request takes (`create rolebindings` and `bind`) count
//! only where one identity has both, by whichever bindings; those that two requests take (making a secret, and reading it)
//! where two identities have them that the attacker can act as.
//!
//! Writing a binding or a role without `bind` or `escalate` takes all that it grants already (`Covers`), and so leads nowhere
//! new: it is no step. What is not followed: one half of a conjunction that somebody holds, and binds to another who has the other half.

mod build;
mod closure;
mod cut;
mod draft;
mod fact;
mod graph;
mod path;
mod power;
mod report;
mod running;
mod techniques;
#[cfg(test)]
mod tests;
mod world;

use shared::escalations::Escalations;

use super::access::Access;
use crate::model::Snapshot;
use closure::{Closure, Pair};
use graph::Graph;
use world::World;

/// The graph of a cluster, and who reaches what in it.
#[derive(Debug)]
pub struct Escalation<'a> {
    access: &'a Access,
    snapshot: &'a Snapshot,
    world: World,
    graph: Graph,
    /// The facts of the subjects, by subject.
    starts: Vec<Option<u32>>,
    pairs: Vec<Pair>,
}

impl<'a> Escalation<'a> {
    /// Follows every subject as far as it gets. `access` is the index of that snapshot.
    pub fn new(snapshot: &'a Snapshot, access: &'a Access) -> Self {
        let world = World::new(snapshot, access);
        let draft = build::draft(&world, access);
        let starts = closure::starts(&draft, &world);
        let graph = Graph::new(draft);
        let pairs = Closure::new(&graph, &world, &starts).pairs();
        Self {
            access,
            snapshot,
            world,
            graph,
            starts,
            pairs,
        }
    }

    /// How many pairs of subject and sink there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether nobody reaches anything.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn closure(&self) -> Closure<'_> {
        Closure::new(&self.graph, &self.world, &self.starts)
    }

    /// All ways in words, with what would close them.
    pub fn report(&self) -> Escalations {
        report::report(self)
    }
}
