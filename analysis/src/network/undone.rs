//! Which policies another makes ineffective: NetworkPolicies add to each other, so that what one of them lets through no other
//! cuts off; and policies for the whole cluster may come before them all.

use super::classes::ClassId;
use super::default_deny::{Opening, before, opening};
use super::engine::Network;
use super::rule::{Action, Direction, Policy, Tier};

/// What others make of the pods of each class, for each direction.
#[derive(Debug)]
pub struct Undoing {
    ingress: Vec<OfClass>,
    egress: Vec<OfClass>,
}

/// What makes policies for a class ineffective.
#[derive(Debug)]
struct OfClass {
    /// What comes before them and decides all.
    before: Option<(Opening, Action)>,
    /// The places of the first two that let everyone through.
    openers: Vec<usize>,
}

/// Why a policy has no effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Undone {
    /// What it cuts off is let through by another.
    Opened(Opening),
    /// What it lets through is cut off before it is asked.
    Shadowed(Opening),
}

impl Undoing {
    /// Finds them.
    pub fn of(network: &Network) -> Self {
        let side = |direction| {
            let is_open: Vec<bool> = network
                .policies
                .iter()
                .map(|policy| policy.tier == Tier::Namespaced && opening(policy, direction).is_some())
                .collect();
            let of_class = |class| {
                let speaking = network.policies_of(direction, class).iter().copied();
                OfClass {
                    before: before(network, class, direction),
                    openers: speaking.filter(|place| is_open[*place]).take(2).collect(),
                }
            };
            let count = ClassId::try_from(network.classes.all.len()).unwrap_or(ClassId::MAX);
            (0..count).map(of_class).collect()
        };
        Self {
            ingress: side(Direction::Ingress),
            egress: side(Direction::Egress),
        }
    }

    /// Why a NetworkPolicy has no effect in a direction, on none of its pods; none where it has one. One that lets everyone
    /// through by itself is not undone.
    pub fn why(&self, network: &Network, policy: &Policy, direction: Direction) -> Option<Undone> {
        let rules = policy.rules(direction)?;
        if opening(policy, direction).is_some() {
            return None;
        }
        let classes = match direction {
            Direction::Ingress => &self.ingress,
            Direction::Egress => &self.egress,
        };
        let mut subject = network.classes.subject(policy).iter();
        let first = &classes[*subject.next()? as usize];
        if let Some((opening, Action::Deny)) = &first.before {
            let is_shadowed = |class: &ClassId| matches!(classes[*class as usize].before, Some((_, Action::Deny)));
            let is_whole = !rules.is_empty() && subject.all(is_shadowed);
            return is_whole.then(|| Undone::Shadowed(opening.clone()));
        }
        let opener = |of: &OfClass| match &of.before {
            Some((opening, Action::Accept)) => Some(opening.clone()),
            Some(_) => None,
            None => of
                .openers
                .first()
                .and_then(|place| opening(&network.policies[*place], direction)),
        };
        let first = opener(first)?;
        subject
            .all(|class| opener(&classes[*class as usize]).is_some())
            .then_some(Undone::Opened(first))
    }
}
