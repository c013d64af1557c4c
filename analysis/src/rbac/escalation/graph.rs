//! The finished graph, and what can be reached in it.
//!
//! A fact follows once all premises of one of its derivations do: reaching is unit propagation, level by level, so that the
//! first way that is found to a fact is one of the fewest steps.

use std::collections::VecDeque;

use shared::escalations::Sink;

use super::draft::{Derivation, Draft};
use super::fact::Fact;
use crate::rbac::access::parts::Rule;

/// Something that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Element {
    /// A subject of a binding.
    Subject { subject: u32, binding: u32 },
    /// A binding.
    Binding(u32),
    /// A rule.
    Rule(Rule),
}

impl Derivation {
    /// Whether it holds no more once something is taken away.
    pub(super) fn rests_on(&self, element: Element) -> bool {
        match element {
            Element::Subject { subject, binding } => self.bound == Some((subject, binding)),
            Element::Binding(binding) => self.bound.is_some_and(|(_, other)| other == binding),
            Element::Rule(rule) => self.rule.and_then(|(_, rule)| rule) == Some(rule),
        }
    }

    /// What can be taken away so that it holds no more.
    pub(super) fn elements(&self) -> impl Iterator<Item = Element> {
        let bound = self
            .bound
            .into_iter()
            .flat_map(|(subject, binding)| [Element::Subject { subject, binding }, Element::Binding(binding)]);
        let rule = self.rule.and_then(|(_, rule)| rule).map(Element::Rule);
        bound.chain(rule)
    }
}

/// What of the graph is left out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Without<'a> {
    /// What is taken away.
    pub(super) removed: &'a [Element],
    /// Facts that are not believed.
    pub(super) blocked: &'a [u32],
    /// Everything that Kubernetes does not make itself.
    pub(super) own: bool,
}

impl Without<'_> {
    pub(super) fn holds(&self, derivation: &Derivation) -> bool {
        (!self.own || derivation.is_default)
            && !self.blocked.contains(&derivation.target)
            && !self.removed.iter().any(|element| derivation.rests_on(*element))
    }
}

/// The finished graph: only what can lead to a sink is left of it.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) facts: Vec<Fact>,
    pub(super) derivations: Vec<Derivation>,
    /// For each fact, where its derivations begin in `following`.
    starts: Vec<u32>,
    following: Vec<u32>,
    sinks: [u32; 4],
}

impl Graph {
    pub(super) fn new(mut draft: Draft) -> Self {
        let sinks = Sink::ALL.map(|sink| draft.fact(Fact::Sink(sink)));
        let useful = useful(&draft, &sinks);
        let mut derivations = draft.derivations;
        derivations.retain(|derivation| useful[derivation.target as usize]);
        let mut starts = vec![0_u32; draft.facts.len() + 1];
        for premise in derivations.iter().flat_map(Derivation::premises) {
            starts[premise as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut following = vec![0; starts.last().copied().unwrap_or_default() as usize];
        for (id, derivation) in (0..).zip(&derivations) {
            for premise in derivation.premises() {
                following[next[premise as usize] as usize] = id;
                next[premise as usize] += 1;
            }
        }
        Self {
            facts: draft.facts,
            derivations,
            starts,
            following,
            sinks,
        }
    }

    /// The derivations in which a fact is a premise.
    pub(super) fn following(&self, fact: u32) -> &[u32] {
        let range = self.starts[fact as usize] as usize..self.starts[fact as usize + 1] as usize;
        &self.following[range]
    }

    pub(super) fn sink(&self, place: usize) -> u32 {
        self.sinks[place]
    }
}

/// The facts from which a sink might follow, if everything else that it takes did.
fn useful(draft: &Draft, sinks: &[u32]) -> Vec<bool> {
    let mut by_target: Vec<Vec<u32>> = vec![Vec::new(); draft.facts.len()];
    for (id, derivation) in (0..).zip(&draft.derivations) {
        by_target[derivation.target as usize].push(id);
    }
    let mut useful = vec![false; draft.facts.len()];
    let mut open = sinks.to_vec();
    while let Some(fact) = open.pop() {
        if !std::mem::replace(&mut useful[fact as usize], true) {
            let derivations = by_target[fact as usize].iter();
            open.extend(derivations.flat_map(|id| draft.derivations[*id as usize].premises()));
        }
    }
    useful
}

/// No derivation: the fact was there from the start.
const GIVEN: u32 = u32::MAX;

/// The room that searches need, kept between them.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) graph: &'a Graph,
    round: u32,
    settled: Vec<u32>,
    by: Vec<u32>,
    counted: Vec<u32>,
    found: Vec<u8>,
    queue: VecDeque<(u32, u32)>,
}

impl<'a> Search<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        Self {
            graph,
            round: 0,
            settled: vec![0; graph.facts.len()],
            by: vec![GIVEN; graph.facts.len()],
            counted: vec![0; graph.derivations.len()],
            found: vec![0; graph.derivations.len()],
            queue: VecDeque::new(),
        }
    }

    /// Which sinks follow from a fact, as bits in their order.
    pub(super) fn run(&mut self, start: u32, without: Without<'_>) -> u8 {
        self.round += 1;
        self.queue.clear();
        self.queue.push_back((start, GIVEN));
        let mut reached = 0;
        while let Some((fact, by)) = self.queue.pop_front() {
            if self.settled[fact as usize] == self.round {
                continue;
            }
            self.settled[fact as usize] = self.round;
            self.by[fact as usize] = by;
            if let Some(sink) = self.graph.sinks.iter().position(|sink| *sink == fact) {
                reached |= 1 << sink;
                if reached == 0b1111 {
                    break;
                }
            }
            self.follow(fact, without);
        }
        reached
    }

    fn follow(&mut self, fact: u32, without: Without<'_>) {
        let graph = self.graph;
        for id in graph.following(fact) {
            let derivation = &graph.derivations[*id as usize];
            if self.settled[derivation.target as usize] == self.round || !without.holds(derivation) {
                continue;
            }
            let place = *id as usize;
            if self.counted[place] != self.round {
                self.counted[place] = self.round;
                self.found[place] = 0;
            }
            self.found[place] += 1;
            if usize::from(self.found[place]) == derivation.premises().count() {
                match derivation.technique {
                    None => self.queue.push_front((derivation.target, *id)),
                    Some(_) => self.queue.push_back((derivation.target, *id)),
                }
            }
        }
    }

    /// From what a fact followed in the last search; none where it was given, or did not.
    pub(super) fn by(&self, fact: u32) -> Option<(u32, &'a Derivation)> {
        let is_settled = self.settled[fact as usize] == self.round;
        let by = self.by[fact as usize];
        let id = Some(by).filter(|by| is_settled && *by != GIVEN)?;
        Some((id, &self.graph.derivations[id as usize]))
    }

    /// Every derivation on the way to a fact in the last search, each once, after those of its premises.
    pub(super) fn way(&self, fact: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut open = vec![(fact, false)];
        while let Some((fact, is_done)) = open.pop() {
            let Some((id, derivation)) = self.by(fact) else {
                continue;
            };
            if is_done {
                way.push(id);
            } else if seen.insert(id) {
                open.push((fact, true));
                open.extend(derivation.premises().map(|premise| (premise, false)));
            }
        }
        way
    }
}
