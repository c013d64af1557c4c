//! Why something may pass between two classes, or not: the policies and rules that say so, in the order in which they are asked.

use shared::network::{RuleAction, Said, SideVerdict};

use super::asking::ports;
use super::classes::{ClassId, Of};
use super::connections::Connections;
use super::engine::Network;
use super::listing::listed;
use super::rule::{Action, Direction, Peers, Policy, Rule, Tier};

/// What one end says of traffic with a peer, as seen from `subject`.
pub fn side(network: &Network, direction: Direction, subject: ClassId, peer: ClassId) -> SideVerdict {
    let mut asking = Asking {
        network,
        direction,
        subject,
        peer,
        open: Connections::all(),
        accepted: Connections::NONE,
        said: Vec::new(),
    };
    let speaking = network.policies_of(direction, subject);
    let of_tier = |tier| {
        speaking
            .iter()
            .map(|place| &network.policies[*place])
            .filter(move |policy: &&Policy| policy.tier == tier)
    };
    asking.cluster_wide(of_tier(Tier::Admin));
    let is_isolated = of_tier(Tier::Namespaced).next().is_some();
    match is_isolated {
        true => asking.namespaced(of_tier(Tier::Namespaced)),
        false => asking.cluster_wide(of_tier(Tier::Baseline)),
    }
    SideVerdict {
        is_subject: network.classes.all[subject as usize].of == Of::Pods,
        is_isolated,
        connections: listed(&asking.accepted.union(&asking.open)),
        undecided: listed(&asking.open),
        said: asking.said,
    }
}

/// What is known while the policies are asked.
struct Asking<'a> {
    network: &'a Network,
    direction: Direction,
    subject: ClassId,
    peer: ClassId,
    /// What nobody has decided yet.
    open: Connections,
    accepted: Connections,
    said: Vec<Said>,
}

impl<'a> Asking<'a> {
    fn cluster_wide(&mut self, policies: impl Iterator<Item = &'a Policy>) {
        let mut passed = Connections::NONE;
        for policy in policies {
            for rule in policy.rules(self.direction).unwrap_or_default() {
                let matched = self.open.intersection(&self.matched(policy, rule));
                if matched.is_empty() {
                    continue;
                }
                match rule.action {
                    Action::Accept => self.accepted = self.accepted.union(&matched),
                    Action::Pass => passed = passed.union(&matched),
                    Action::Deny => {}
                }
                self.open = self.open.difference(&matched);
                self.say(policy, Some(rule), &matched);
            }
        }
        self.open = self.open.union(&passed);
    }

    /// NetworkPolicies let through what any of them lets through. One that lets through nothing of it has its say too: it is
    /// why the rest is cut off.
    fn namespaced(&mut self, policies: impl Iterator<Item = &'a Policy>) {
        for policy in policies {
            let mut lets_through = false;
            for rule in policy.rules(self.direction).unwrap_or_default() {
                let matched = self.open.intersection(&self.matched(policy, rule));
                if !matched.is_empty() {
                    lets_through = true;
                    self.accepted = self.accepted.union(&matched);
                    self.say(policy, Some(rule), &matched);
                }
            }
            if !lets_through {
                self.say(policy, None, &Connections::NONE);
            }
        }
        self.open = Connections::NONE;
    }

    /// What of the traffic with the peer a rule speaks of.
    fn matched(&self, policy: &Policy, rule: &Rule) -> Connections {
        let classes = &self.network.classes;
        let is_meant = match &rule.peers {
            Peers::Everyone => true,
            Peers::Any(peers) => peers
                .iter()
                .any(|peer| classes.peer(peer, policy.tier).binary_search(&self.peer).is_ok()),
        };
        let destination = match self.direction {
            Direction::Ingress => self.subject,
            Direction::Egress => self.peer,
        };
        match is_meant {
            true => ports(&rule.ports, &classes.all[destination as usize]),
            false => Connections::NONE,
        }
    }

    fn say(&mut self, policy: &Policy, rule: Option<&Rule>, matched: &Connections) {
        let field = match self.direction {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        };
        self.said.push(Said {
            policy: policy.object.clone(),
            rule: rule.map(|rule| format!("spec.{field}[{}]", rule.place)),
            action: match rule.map(|rule| rule.action) {
                None => RuleAction::Isolate,
                Some(Action::Accept) => RuleAction::Accept,
                Some(Action::Deny) => RuleAction::Deny,
                Some(Action::Pass) => RuleAction::Pass,
            },
            connections: listed(matched),
        });
    }
}
