//! What changes of what may connect to what: between two snapshots, or by policies that are proposed.

pub mod changes;
mod located;
mod matched;
mod outside;
mod passing;
pub mod proposal;

use shared::network::change::{ChangeSummary, ChangedPair, There};
use shared::network::{Connections, Endpoint};

use super::engine::Network;
use super::interned::{Id, NONE};
use super::listing::Listed;
use super::model::Model;
pub(super) use matched::{GENERATED, Joint};
use matched::{Matched, Unit};
pub(super) use outside::{Joints, joints};
use passing::Passing;

/// A cluster, and what may connect to what in it.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// The cluster.
    pub model: &'a Model,
    /// It under its policies.
    pub network: &'a Network,
}

/// Calls `each` with every pair between which other than before may pass, in order: by source, then by destination, outside
/// addresses last. Workloads are named as in a listing, and those of whose pods the policies of either state tell some from others
/// are listed once for each sort. A workload with itself is left out.
///
/// # Errors
/// What `each` fails with: nothing follows it.
pub fn pairs<E>(
    before: State<'_>,
    after: State<'_>,
    each: impl FnMut(ChangedPair) -> Result<(), E>,
) -> Result<ChangeSummary, E> {
    let matched = Matched::of(before, after);
    let outside = outside::joints(before.network, after.network);
    let mut telling = Telling {
        passing: Passing::new(before.network, after.network),
        listed: Listed::default(),
        is_touched: vec![false; matched.units.len()],
        summary: ChangeSummary {
            appeared: matched.appeared.clone(),
            gone: matched.gone.clone(),
            ..ChangeSummary::default()
        },
        each,
    };
    telling.among(&matched, &outside)?;
    telling.outside_in(&matched, &outside)?;
    let touched = matched.units.iter().zip(&telling.is_touched);
    let pods = touched
        .filter(|(_, is_touched)| **is_touched)
        .map(|(unit, _)| unit.pods);
    telling.summary.pods = pods.sum();
    Ok(telling.summary)
}

struct Telling<'a, F> {
    passing: Passing<'a>,
    listed: Listed,
    /// Whether anything changed for the pods of each unit.
    is_touched: Vec<bool>,
    summary: ChangeSummary,
    each: F,
}

impl<E, F: FnMut(ChangedPair) -> Result<(), E>> Telling<'_, F> {
    fn among(&mut self, matched: &Matched, outside: &outside::Joints) -> Result<(), E> {
        let mut known: Vec<Option<(Vec<usize>, Vec<outside::Block>)>> = vec![None; matched.joints.len()];
        for (place, source) in matched.units.iter().enumerate() {
            let from = matched.joints[source.joint];
            let (changed, blocks) = known[source.joint].get_or_insert_with(|| {
                let changed = matched.joints.iter().enumerate();
                let changed = changed.filter(|(_, to)| self.passing.change(from, **to) != (NONE, NONE));
                let changed = changed.map(|(joint, _)| joint).collect();
                (changed, outside.blocks(|joint| self.passing.change(from, joint)))
            });
            for destination in matched.candidates(source, changed) {
                self.pair(matched, place, destination)?;
            }
            for (block, added, removed) in blocks {
                self.is_touched[place] = true;
                self.tell((&source.endpoint, block), (*added, *removed), source.there())?;
            }
        }
        Ok(())
    }

    fn pair(&mut self, matched: &Matched, from: usize, to: usize) -> Result<(), E> {
        let (source, destination) = (&matched.units[from], &matched.units[to]);
        let joints = (matched.joints[source.joint], matched.joints[destination.joint]);
        let (added, removed) = self
            .passing
            .change_beside(joints.0, joints.1, source.shares_node(destination));
        if (added, removed) == (NONE, NONE) {
            return Ok(());
        }
        self.is_touched[from] = true;
        self.is_touched[to] = true;
        let there = both(source, destination);
        self.tell((&source.endpoint, &destination.endpoint), (added, removed), there)
    }

    fn outside_in(&mut self, matched: &Matched, outside: &outside::Joints) -> Result<(), E> {
        let mut known: Vec<Option<Vec<outside::Block>>> = vec![None; matched.joints.len()];
        for (place, destination) in matched.units.iter().enumerate() {
            let to = matched.joints[destination.joint];
            let blocks =
                known[destination.joint].get_or_insert_with(|| outside.blocks(|joint| self.passing.change(joint, to)));
            for (block, added, removed) in blocks {
                self.is_touched[place] = true;
                self.tell((block, &destination.endpoint), (*added, *removed), destination.there())?;
            }
        }
        Ok(())
    }

    fn tell(
        &mut self,
        (source, destination): (&Endpoint, &Endpoint),
        (added, removed): (Id, Id),
        there: There,
    ) -> Result<(), E> {
        self.summary.opened += u64::from(added != NONE);
        self.summary.cut += u64::from(removed != NONE);
        let mut listed = |id: Id| -> Connections { self.listed.of(&self.passing.sets, id) };
        let (added, removed) = (listed(added), listed(removed));
        (self.each)(ChangedPair {
            source: source.clone(),
            destination: destination.clone(),
            added,
            removed,
            there,
        })
    }
}

/// When both are there. Two of which one went before the other came have never met, so nothing changes between them.
fn both(one: &Unit, two: &Unit) -> There {
    match (one.there(), two.there()) {
        (There::Both, there) | (there, _) => there,
    }
}

#[cfg(test)]
mod tests;
