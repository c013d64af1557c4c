//! Policies for the whole cluster that have one priority and do different things with a connection: which of them is asked first is
//! undefined, and so what becomes of it.

use std::collections::BTreeMap;

use super::asking::Asking;
use super::classes::Class;
use super::connections::Connections;
use super::engine::Network;
use super::interned::{Id, Interned, NONE};
use super::rule::{Direction, Policy, Tier};

/// What a policy does that another of its priority contradicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// The place of the other policy, which comes first by name.
    pub other: usize,
    /// The traffic.
    pub direction: Direction,
    /// Of what they say different things, between some of the pods that both are about and somebody.
    pub connections: Connections,
}

/// The policies that one before them by name contradicts, by their places, each with the first contradiction. What earlier policies
/// decided, they are not asked about.
pub fn contradictions(network: &Network) -> BTreeMap<usize, Contradiction> {
    let mut found = BTreeMap::new();
    let mut sets = None;
    for direction in [Direction::Ingress, Direction::Egress] {
        let doubtful = network.asked(direction).filter(|(_, speaking)| {
            let mut equals = speaking.chunk_by(|one, other| are_equal(network, *one, *other));
            equals.any(|equals| equals.len() > 1)
        });
        for (class, speaking) in doubtful {
            let row = Row {
                network,
                direction,
                subject: &network.classes.all[class as usize],
            };
            row.ask(sets.get_or_insert_with(|| network.sets().clone()), speaking, &mut found);
        }
    }
    found
}

/// NetworkPolicies are asked together, and those of different kinds have nothing to do with each other.
fn are_equal(network: &Network, one: usize, other: usize) -> bool {
    let rank = |policy: &'_ Policy| (policy.tier, policy.priority);
    let (one, other) = (&network.policies[one], &network.policies[other]);
    one.tier != Tier::Namespaced && rank(one) == rank(other) && one.object.kind == other.object.kind
}

struct Row<'a> {
    network: &'a Network,
    direction: Direction,
    subject: &'a Class,
}

impl Row<'_> {
    /// Asks the policies tier by tier, those of one priority each for itself.
    fn ask(&self, sets: &mut Interned, speaking: &[usize], found: &mut BTreeMap<usize, Contradiction>) {
        let (network, about) = (self.network, (self.direction, self.subject));
        let mut asking = Asking::of(network.classes.all.len());
        for tier in speaking.chunk_by(|one, other| network.policies[*one].tier == network.policies[*other].tier) {
            // These decide finally.
            if tier
                .iter()
                .any(|place| network.policies[*place].tier == Tier::Namespaced)
            {
                return;
            }
            for equals in tier.chunk_by(|one, other| are_equal(network, *one, *other)) {
                if equals.len() > 1 {
                    self.compare(sets, &asking.open, equals, found);
                }
                for place in equals {
                    asking.ask(sets, &network.classes, about, &network.policies[*place]);
                }
            }
            asking.end_tier(sets);
        }
    }

    fn compare(&self, sets: &mut Interned, open: &[Id], equals: &[usize], found: &mut BTreeMap<usize, Contradiction>) {
        let mut before: Vec<(usize, Vec<Deed>)> = Vec::with_capacity(equals.len());
        // What any of those before does: with few contradictions, nobody is compared with each of them.
        let mut any = vec![Deed::default(); open.len()];
        for place in equals {
            let deeds = self.deeds(sets, open, *place);
            if !found.contains_key(place) && different(sets, &deeds, &any).is_some() {
                let rivals = before.iter();
                let mut rivals =
                    rivals.filter_map(|(other, of_other)| Some((*other, different(sets, &deeds, of_other)?)));
                if let Some((other, set)) = rivals.next() {
                    let contradiction = Contradiction {
                        other,
                        direction: self.direction,
                        connections: sets.get(set).clone(),
                    };
                    found.insert(*place, contradiction);
                }
            }
            any.iter_mut().zip(&deeds).for_each(|(any, deed)| any.add(sets, deed));
            before.push((*place, deeds));
        }
    }

    /// What a policy does with what is open of the traffic with each class, if it is asked first.
    fn deeds(&self, sets: &mut Interned, open: &[Id], place: usize) -> Vec<Deed> {
        let mut asking = Asking::about(open.to_vec());
        let policy = &self.network.policies[place];
        asking.ask(sets, &self.network.classes, (self.direction, self.subject), policy);
        let each = open
            .iter()
            .zip(&asking.open)
            .zip(asking.accepted.iter().zip(&asking.passed));
        let deeds = each.map(|((open, left), (accepted, passed))| {
            let decided = sets.difference(*open, *left);
            let kept = sets.union(*accepted, *passed);
            Deed {
                accepted: *accepted,
                passed: *passed,
                denied: sets.difference(decided, kept),
            }
        });
        deeds.collect()
    }
}

/// What a policy, or one of several, does with the traffic with a class.
#[derive(Clone, Default)]
struct Deed {
    accepted: Id,
    passed: Id,
    denied: Id,
}

impl Deed {
    fn add(&mut self, sets: &mut Interned, other: &Self) {
        self.accepted = sets.union(self.accepted, other.accepted);
        self.passed = sets.union(self.passed, other.passed);
        self.denied = sets.union(self.denied, other.denied);
    }

    /// That with which the other does something else.
    fn different(&self, sets: &mut Interned, other: &Self) -> Id {
        let pairs = [
            (self.accepted, other.passed),
            (self.accepted, other.denied),
            (self.passed, other.accepted),
            (self.passed, other.denied),
            (self.denied, other.accepted),
            (self.denied, other.passed),
        ];
        pairs.into_iter().fold(NONE, |all, (one, other)| {
            let both = sets.intersection(one, other);
            sets.union(all, both)
        })
    }
}

/// The first traffic with which two do different things.
fn different(sets: &mut Interned, one: &[Deed], other: &[Deed]) -> Option<Id> {
    let mut each = one.iter().zip(other).map(|(one, other)| one.different(sets, other));
    each.find(|set| *set != NONE)
}
