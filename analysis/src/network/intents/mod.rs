//! What must hold, as the cluster's owner declared it, and the first connection that breaks it.
//!
//! As in a listing, a workload with itself is left out; and so is traffic between a pod and its own node, which is always let
//! through, whatever policies say.

mod ends;
mod parse;
mod written;

use std::collections::HashMap;

use shared::network::intents::{IntentOutcome, JudgedIntent};
use shared::network::{Endpoint, Pair};

use super::classes::ClassId;
use super::connections::Connections;
use super::engine::Network;
use super::exposure::NEEDS;
use super::interned::{Id, Interned, NONE};
use super::listing::listed;
use super::model::Model;
use crate::cluster::Cluster;
use crate::run::unmet_need;
use ends::{Ends, Side};

pub use parse::{IntentError, check, parse};
pub use written::{Cidr, End, Expect, Intent, PortRange, Selector, Where};

/// Judges each intent.
pub fn judge(cluster: &Cluster<'_>, model: &Model, network: &Network, intents: &[Intent]) -> Vec<JudgedIntent> {
    let unmet = unmet_need(NEEDS, cluster.snapshot);
    let ends = Ends::of(model, network);
    let mut sets = network.sets().clone();
    let judged = intents.iter().map(|intent| JudgedIntent {
        name: intent.name.clone(),
        outcome: match &unmet {
            Some(reason) => IntentOutcome::NotEvaluated { reason: reason.clone() },
            None => outcome(&ends, network, &mut sets, intent),
        },
    });
    judged.collect()
}

fn outcome(ends: &Ends<'_>, network: &Network, sets: &mut Interned, intent: &Intent) -> IntentOutcome {
    let (from, to) = (ends.meant(&intent.from), ends.meant(&intent.to));
    if to.is_empty() {
        return nobody("to");
    }
    let (all, own) = (Connections::all(), intent.connections());
    let mut breaking = Breaking {
        ends,
        network,
        sets,
        first: None,
        pairs: 0,
    };
    match intent.expect {
        Expect::None => breaking.look(&from, &to, &own),
        Expect::Only => {
            breaking.look(&ends.others(&intent.from), &to, &all);
            breaking.look(&from, &to, &all.difference(&own));
        }
    }
    match breaking.first {
        Some((source, destination, connections)) => IntentOutcome::Broken {
            first: Pair {
                source,
                destination,
                connections: listed(&connections),
            },
            pairs: breaking.pairs,
        },
        None if from.is_empty() => nobody("from"),
        None => IntentOutcome::Holds,
    }
}

fn nobody(end: &str) -> IntentOutcome {
    IntentOutcome::Vacuous {
        reason: format!("Nothing in the cluster is what `{end}` selects."),
    }
}

/// What breaks an intent, as far as it was looked for.
struct Breaking<'a> {
    ends: &'a Ends<'a>,
    network: &'a Network,
    sets: &'a mut Interned,
    first: Option<(Endpoint, Endpoint, Connections)>,
    pairs: u64,
}

impl Breaking<'_> {
    /// Looks for what may pass from one side to another of what must not.
    fn look(&mut self, from: &Side, to: &Side, forbidden: &Connections) {
        if forbidden.is_empty() {
            return;
        }
        let mut known: HashMap<Id, Connections> = HashMap::new();
        let mut passing = |breaking: &mut Self, from: ClassId, to: ClassId| {
            let id = breaking.network.pass(breaking.sets, from, to);
            let sets = &breaking.sets;
            let passing = known.entry(id).or_insert_with(|| match id {
                NONE => Connections::NONE,
                id => sets.get(id).intersection(forbidden),
            });
            (!passing.is_empty()).then(|| passing.clone())
        };
        for (source, sources) in &from.workloads {
            for (destination, destinations) in &to.workloads {
                if let Some(passing) = passing(self, *source, *destination) {
                    self.workloads(sources, destinations, &passing);
                }
            }
            for (destination, addresses) in &to.addresses {
                if let Some(passing) = passing(self, *source, *destination) {
                    let ends = sources
                        .first()
                        .map(|place| (self.ends.workload(*place), ends::block(addresses)));
                    self.found(ends, sources.len() as u64, &passing);
                }
            }
        }
        for (source, addresses) in &from.addresses {
            for (destination, destinations) in &to.workloads {
                if let Some(passing) = passing(self, *source, *destination) {
                    let ends = destinations
                        .first()
                        .map(|place| (ends::block(addresses), self.ends.workload(*place)));
                    self.found(ends, destinations.len() as u64, &passing);
                }
            }
        }
    }

    /// Pairs of workloads, but of one with itself.
    fn workloads(&mut self, sources: &[usize], destinations: &[usize], passing: &Connections) {
        let others = |source: usize| destinations.iter().copied().find(|destination| *destination != source);
        let first = sources.iter().find_map(|source| Some((*source, others(*source)?)));
        let places: std::collections::HashSet<&usize> = destinations.iter().collect();
        let same = sources.iter().filter(|source| places.contains(source)).count();
        let count = sources.len() as u64 * destinations.len() as u64 - same as u64;
        let ends = first.map(|(source, destination)| (self.ends.workload(source), self.ends.workload(destination)));
        self.found(ends, count, passing);
    }

    fn found(&mut self, ends: Option<(Endpoint, Endpoint)>, count: u64, passing: &Connections) {
        self.pairs += count;
        let Some((source, destination)) = ends else { return };
        let is_first = self.first.as_ref();
        if is_first.is_none_or(|(one, other, _)| (&source, &destination) < (one, other)) {
            self.first = Some((source, destination, passing.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
