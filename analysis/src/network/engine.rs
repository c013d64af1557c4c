//! What may connect to what: the rows of each class of pods, of which the answer to every question is made.
//!
//! Policies are asked in the order that `network-policy-api` gives: the Admin tier by priority, then NetworkPolicies, which decide
//! finally for the pods that they select, then the Baseline tier for the others; what nobody decided is let through. A
//! connection needs the consent of both ends.

use std::collections::HashMap;

use super::classes::{Class, ClassId, Classes};
use super::connections::{Connections, Ports};
use super::interned::{ALL, Id, Interned, NONE};
use super::model::{ContainerPort, Model};
use super::rule::{Action, Direction, NamedPort, Peers, Policy, Rule, RulePorts, Tier};

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

/// What is known of the traffic with each class while the policies are asked.
struct Asking {
    /// What nobody has decided yet.
    open: Vec<Id>,
    accepted: Vec<Id>,
    /// What is left to the next tier.
    passed: Vec<Id>,
}

fn row(
    sets: &mut Interned,
    classes: &Classes,
    policies: &[Policy],
    (direction, subject, speaking): (Direction, &Class, &[usize]),
) -> Vec<Id> {
    let count = classes.all.len();
    let mut asking = Asking {
        open: vec![ALL; count],
        accepted: vec![NONE; count],
        passed: vec![NONE; count],
    };
    for tier in [Tier::Admin, Tier::Namespaced, Tier::Baseline] {
        let of_tier = speaking
            .iter()
            .map(|place| &policies[*place])
            .filter(|policy| policy.tier == tier);
        let mut is_spoken_of = false;
        for policy in of_tier {
            is_spoken_of = true;
            for rule in policy.rules(direction).unwrap_or_default() {
                asking.ask(sets, classes, (direction, subject), (policy.tier, rule));
            }
        }
        if tier == Tier::Namespaced && is_spoken_of {
            return asking.accepted;
        }
        asking.end_tier(sets);
    }
    let both = asking.accepted.iter().zip(&asking.open);
    both.map(|(accepted, open)| sets.union(*accepted, *open)).collect()
}

impl Asking {
    fn ask(
        &mut self,
        sets: &mut Interned,
        classes: &Classes,
        (direction, subject): (Direction, &Class),
        (tier, rule): (Tier, &Rule),
    ) {
        let fixed = sets.id(rule.ports.fixed.clone());
        let mut ask = |peer: ClassId| {
            let peer_class = &classes.all[peer as usize];
            let destination = if direction == Direction::Ingress {
                subject
            } else {
                peer_class
            };
            let ports = match rule.ports.named.is_empty() {
                true => fixed,
                false => sets.id(ports(&rule.ports, destination)),
            };
            self.decide(sets, (tier, rule.action), peer as usize, ports);
        };
        match &rule.peers {
            Peers::Everyone => {
                (0..classes.all.len()).for_each(|peer| ask(ClassId::try_from(peer).unwrap_or(ClassId::MAX)))
            }
            Peers::Any(peers) => peers
                .iter()
                .for_each(|peer| classes.peer(peer, tier).iter().for_each(|class| ask(*class))),
        }
    }

    fn decide(&mut self, sets: &mut Interned, (tier, action): (Tier, Action), peer: usize, ports: Id) {
        let matched = sets.intersection(self.open[peer], ports);
        if matched == NONE {
            return;
        }
        match action {
            Action::Accept => self.accepted[peer] = sets.union(self.accepted[peer], matched),
            Action::Pass => self.passed[peer] = sets.union(self.passed[peer], matched),
            Action::Deny => {}
        }
        // NetworkPolicies add to each other in no order.
        if tier != Tier::Namespaced {
            self.open[peer] = sets.difference(self.open[peer], matched);
        }
    }

    fn end_tier(&mut self, sets: &mut Interned) {
        for (open, passed) in self.open.iter_mut().zip(&mut self.passed) {
            *open = sets.union(*open, std::mem::replace(passed, NONE));
        }
    }
}

/// The ports that a rule means at a destination. Only pods have names for theirs.
pub(super) fn ports(ports: &RulePorts, destination: &Class) -> Connections {
    let named = destination.ports.iter().filter(|port| {
        let is_meant = |named: &NamedPort| {
            named.name == port.name && named.protocol.is_none_or(|protocol| protocol == port.protocol)
        };
        ports.named.iter().any(is_meant)
    });
    named.fold(ports.fixed.clone(), |all, port| {
        let one = Ports::range(port.port, port.port);
        all.union(&Connections::of(port.protocol, one))
    })
}
