//! Policies asked in turn about the traffic between the pods of a class and each class.

use super::classes::{Class, ClassId, Classes};
use super::connections::{Connections, Ports};
use super::interned::{ALL, Id, Interned, NONE};
use super::rule::{Action, Direction, NamedPort, Peers, Policy, Rule, RulePorts, Tier};

/// What is known of the traffic with each class while the policies are asked.
pub(super) struct Asking {
    /// What nobody has decided yet.
    pub(super) open: Vec<Id>,
    /// What was let through.
    pub(super) accepted: Vec<Id>,
    /// What is left to the next tier.
    pub(super) passed: Vec<Id>,
}

impl Asking {
    /// Nobody was asked yet about the traffic with so many classes.
    pub(super) fn of(count: usize) -> Self {
        Self::about(vec![ALL; count])
    }

    /// Nobody was asked yet about this.
    pub(super) fn about(open: Vec<Id>) -> Self {
        Self {
            accepted: vec![NONE; open.len()],
            passed: vec![NONE; open.len()],
            open,
        }
    }

    /// Asks a policy about the pods of a class, of whom it speaks for this direction.
    pub(super) fn ask(
        &mut self,
        sets: &mut Interned,
        classes: &Classes,
        (direction, subject): (Direction, &Class),
        policy: &Policy,
    ) {
        for rule in policy.rules(direction).unwrap_or_default() {
            self.rule(sets, classes, (direction, subject), (policy.tier, rule));
        }
    }

    fn rule(
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

    /// What a tier passed on is open to the next.
    pub(super) fn end_tier(&mut self, sets: &mut Interned) {
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
