//! What may connect to what: the rows of each class of pods, of which the answer to every question is made.
//!
//! Policies are asked in the order that `network-policy-api` gives: the Admin tier by priority, then NetworkPolicies, which decide
//! finally for the pods that they select, then the Baseline tier for the others; what nobody decided is let through. A
//! connection needs the consent of both ends.

use std::collections::HashMap;

use super::asking::Asking;
use super::classes::{Class, ClassId, Classes};
use super::connections::Connections;
use super::interned::{ALL, Id, Interned};
use super::model::{ContainerPort, Model};
use super::rule::{Direction, Policy, Tier};

/// A cluster under its policies.
#[derive(Debug)]
pub struct Network {
    /// The policies, in the order in which they are asked.
    pub policies: Vec<Policy>,
    /// Whom they tell apart.
    pub classes: Classes,
    sets: Interned,
    ingress: Side,
    egress: Side,
}

/// What the policies for one direction say of each class of pods.
#[derive(Debug)]
struct Side {
    /// The row of each class; none of one about which no policy speaks.
    row_of: Vec<Option<usize>>,
    /// The policies that speak of the pods of a row, by their places, in order.
    policies: Vec<Vec<usize>>,
    /// What may pass between the pods of a row and each class.
    rows: Vec<Vec<Id>>,
}

impl Network {
    /// Finds what may connect to what.
    pub fn new(model: &Model, mut policies: Vec<Policy>) -> Self {
        policies.sort_by(|one, two| (one.tier, one.priority, &one.object).cmp(&(two.tier, two.priority, &two.object)));
        let classes = Classes::of(model, &policies);
        let mut sets = Interned::default();
        let mut side = |direction| Side::of(&mut sets, &classes, &policies, direction);
        let (ingress, egress) = (side(Direction::Ingress), side(Direction::Egress));
        Self {
            policies,
            classes,
            sets,
            ingress,
            egress,
        }
    }

    fn side(&self, direction: Direction) -> &Side {
        match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        }
    }

    /// What may pass from a class to another, or between two pods of one.
    pub fn connections(&self, from: ClassId, to: ClassId) -> Connections {
        let (out, into) = (
            self.sets.get(self.egress.at(from, to)),
            self.sets.get(self.ingress.at(to, from)),
        );
        out.intersection(into)
    }

    /// What one end lets through: of traffic to or from `subject`, as seen from there.
    pub fn consent(&self, direction: Direction, subject: ClassId, peer: ClassId) -> &Connections {
        self.sets.get(self.side(direction).at(subject, peer))
    }

    /// The policies that speak of a class, by their places, in the order in which they are asked.
    pub fn policies_of(&self, direction: Direction, subject: ClassId) -> &[usize] {
        let side = self.side(direction);
        side.row_of[subject as usize].map_or(&[], |row| &side.policies[row])
    }

    /// The policies that speak of the same classes, by their places, in the order in which they are asked, with one of those classes:
    /// they say the same of each.
    pub(super) fn asked(&self, direction: Direction) -> impl Iterator<Item = (ClassId, &[usize])> {
        let side = self.side(direction);
        let mut first = vec![None; side.policies.len()];
        for (class, row) in (0..).zip(&side.row_of) {
            if let Some(row) = row {
                first[*row].get_or_insert(class);
            }
        }
        let asked = first.into_iter().zip(&side.policies);
        asked.filter_map(|(class, policies)| Some((class?, policies.as_slice())))
    }

    /// The sets that there are, to number those that are made of them.
    pub fn sets(&self) -> &Interned {
        &self.sets
    }

    /// The number of what may pass from a class to another, among sets that began as [`Self::sets`].
    pub fn pass(&self, sets: &mut Interned, from: ClassId, to: ClassId) -> Id {
        sets.intersection(self.egress.at(from, to), self.ingress.at(to, from))
    }

    /// Calls `each` with what may pass from a class to every class, for all classes in turn. Sets are numbered, and equal ones
    /// have one number.
    pub fn matrix(&self, mut each: impl FnMut(ClassId, &[Id], &Interned)) {
        let mut sets = self.sets.clone();
        let count = ClassId::try_from(self.classes.all.len()).unwrap_or(ClassId::MAX);
        let mut row = Vec::new();
        for from in 0..count {
            row.clear();
            row.extend((0..count).map(|to| self.pass(&mut sets, from, to)));
            each(from, &row, &sets);
        }
    }
}

impl Side {
    fn of(sets: &mut Interned, classes: &Classes, policies: &[Policy], direction: Direction) -> Self {
        let mut speaking: Vec<Vec<usize>> = vec![Vec::new(); classes.all.len()];
        for (place, policy) in policies.iter().enumerate() {
            if policy.rules(direction).is_some() {
                let subject = classes.subject(policy);
                subject.iter().for_each(|class| speaking[*class as usize].push(place));
            }
        }
        let mut side = Self {
            row_of: Vec::with_capacity(classes.all.len()),
            policies: Vec::new(),
            rows: Vec::new(),
        };
        let mut known: HashMap<(Vec<usize>, Vec<ContainerPort>), usize> = HashMap::new();
        for (class, speaking) in classes.all.iter().zip(speaking) {
            let row = (!speaking.is_empty()).then(|| {
                // The ports that rules for ingress mean are those of the pods themselves.
                let ports = match direction {
                    Direction::Ingress => class.ports.clone(),
                    Direction::Egress => Vec::new(),
                };
                *known.entry((speaking, ports)).or_insert_with_key(|(speaking, _)| {
                    let row = row(sets, classes, policies, (direction, class, speaking));
                    side.rows.push(row);
                    side.policies.push(speaking.to_vec());
                    side.rows.len() - 1
                })
            });
            side.row_of.push(row);
        }
        side
    }

    fn at(&self, subject: ClassId, peer: ClassId) -> Id {
        self.row_of[subject as usize].map_or(ALL, |row| self.rows[row][peer as usize])
    }
}

fn row(
    sets: &mut Interned,
    classes: &Classes,
    policies: &[Policy],
    (direction, subject, speaking): (Direction, &Class, &[usize]),
) -> Vec<Id> {
    let mut asking = Asking::of(classes.all.len());
    for tier in [Tier::Admin, Tier::Namespaced, Tier::Baseline] {
        let of_tier = speaking
            .iter()
            .map(|place| &policies[*place])
            .filter(|policy| policy.tier == tier);
        let mut is_spoken_of = false;
        for policy in of_tier {
            is_spoken_of = true;
            asking.ask(sets, classes, (direction, subject), policy);
        }
        if tier == Tier::Namespaced && is_spoken_of {
            return asking.accepted;
        }
        asking.end_tier(sets);
    }
    let both = asking.accepted.iter().zip(&asking.open);
    both.map(|(accepted, open)| sets.union(*accepted, *open)).collect()
}
