//! The graph while it is made: facts, and from what each follows.

use std::collections::HashMap;

use shared::escalations::Technique;

use super::fact::Fact;
use super::power::Ask;
use crate::rbac::access::parts::Rule;

/// No more than this many facts are needed for one step.
pub(super) const MAX_PREMISES: usize = 3;

/// From what a fact follows: all premises together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Derivation {
    premises: [u32; MAX_PREMISES],
    pub(super) target: u32,
    /// The means, where it is a step; else it only says the same in other words.
    pub(super) technique: Option<Technique>,
    /// The request that a rule allows, and the rule; none for whoever holds everything.
    pub(super) rule: Option<(Ask, Option<Rule>)>,
    /// The subject that is bound, and the binding.
    pub(super) bound: Option<(u32, u32)>,
    /// Whether Kubernetes itself means it so.
    pub(super) is_default: bool,
}

const NONE: u32 = u32::MAX;

impl Derivation {
    pub(super) fn premises(&self) -> impl Iterator<Item = u32> + '_ {
        self.premises.iter().copied().filter(|premise| *premise != NONE)
    }
}

/// What a derivation rests on beside its premises.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Because {
    pub(super) technique: Option<Technique>,
    pub(super) rule: Option<(Ask, Option<Rule>)>,
    pub(super) bound: Option<(u32, u32)>,
    /// Whether the rule or the binding is not one that Kubernetes makes itself.
    pub(super) is_own: bool,
}

/// The facts, each with a number, and the derivations.
#[derive(Debug, Default)]
pub(super) struct Draft {
    numbers: HashMap<Fact, u32>,
    pub(super) facts: Vec<Fact>,
    pub(super) derivations: Vec<Derivation>,
    /// Roles that are held since last asked.
    pub(super) fresh: Vec<Fact>,
    lists: HashMap<Vec<String>, u32>,
    names: Vec<Vec<String>>,
}

impl Draft {
    /// The number of a fact, and whether nobody knew it before.
    pub(super) fn add(&mut self, fact: Fact) -> (u32, bool) {
        if let Some(number) = self.numbers.get(&fact) {
            return (*number, false);
        }
        let number = number(self.facts.len());
        self.facts.push(fact);
        self.numbers.insert(fact, number);
        (number, true)
    }

    /// The number of a fact.
    pub(super) fn fact(&mut self, fact: Fact) -> u32 {
        self.add(fact).0
    }

    /// The number of a fact that stands somewhere.
    pub(super) fn find(&self, fact: Fact) -> Option<u32> {
        self.numbers.get(&fact).copied()
    }

    /// The number of a list of names; none for the empty one, which stands for all.
    pub(super) fn list(&mut self, names: &[String]) -> Option<u32> {
        if names.is_empty() {
            return None;
        }
        if let Some(list) = self.lists.get(names) {
            return Some(*list);
        }
        let list = number(self.names.len());
        self.names.push(names.to_vec());
        self.lists.insert(names.to_vec(), list);
        Some(list)
    }

    /// The names of a list; empty for all.
    pub(super) fn names(&self, list: Option<u32>) -> Vec<String> {
        list.and_then(|list| self.names.get(list as usize))
            .cloned()
            .unwrap_or_default()
    }

    /// Says from what a fact follows.
    pub(super) fn derive(&mut self, premises: &[Fact], target: Fact, because: Because) {
        let mut numbers = [NONE; MAX_PREMISES];
        for (place, premise) in numbers.iter_mut().zip(premises) {
            *place = self.fact(*premise);
        }
        let (number, is_new) = self.add(target);
        if is_new && matches!(target, Fact::Held(..) | Fact::Gained(..)) {
            self.fresh.push(target);
        }
        let target = number;
        if numbers.contains(&target) {
            return;
        }
        self.derivations.push(Derivation {
            premises: numbers,
            target,
            technique: because.technique,
            rule: because.rule,
            bound: because.bound,
            is_default: !because.is_own,
        });
    }

    /// Says that a fact is another in other words.
    pub(super) fn implies(&mut self, premise: Fact, target: Fact) {
        self.derive(&[premise], target, Because::default());
    }

    /// Says that one step leads from some facts to another, without any further permission.
    pub(super) fn step(&mut self, premises: &[Fact], target: Fact, technique: Technique) {
        let technique = Some(technique);
        self.derive(
            premises,
            target,
            Because {
                technique,
                ..Because::default()
            },
        );
    }
}

/// No snapshot holds four thousand million of anything.
pub(super) fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
