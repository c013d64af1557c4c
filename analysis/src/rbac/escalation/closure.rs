//! Who reaches what: a search from every subject, those with the same roles told by one.

use std::collections::{BTreeMap, HashMap};

use super::draft::{Draft, number};
use super::fact::Fact;
use super::graph::{Element, Graph, Search, Without};
use super::world::World;

/// A subject that reaches a sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) subject: u32,
    /// The place of the sink in [`shared::escalations::Sink::ALL`].
    pub(super) sink: usize,
    /// Whether it does by what Kubernetes itself makes, and nothing else.
    pub(super) is_expected: bool,
    /// Whether its groups by themselves do too, so that only its own ways count.
    pub(super) is_by_itself: bool,
}

/// The facts of the subjects, by subject.
pub(super) fn starts(draft: &Draft, world: &World) -> Vec<Option<u32>> {
    (0..number(world.subjects.len()))
        .map(|subject| draft.find(Fact::Subject(subject)))
        .collect()
}

/// Everything that a search from each subject finds.
pub(super) struct Closure<'a> {
    pub(super) world: &'a World,
    pub(super) starts: &'a [Option<u32>],
    pub(super) search: Search<'a>,
}

/// The facts that follow from a subject at once: who has the same reaches the same.
type Class = Vec<u32>;

impl<'a> Closure<'a> {
    pub(super) fn new(graph: &'a Graph, world: &'a World, starts: &'a [Option<u32>]) -> Self {
        Self {
            world,
            starts,
            search: Search::new(graph),
        }
    }

    /// Every subject with the sinks that it reaches. What the groups of a subject reach is told for them, unless it does by
    /// itself.
    pub(super) fn pairs(&mut self) -> Vec<Pair> {
        let mut known = HashMap::new();
        let mut defaults = HashMap::new();
        let mut pairs = Vec::new();
        for subject in 0..number(self.starts.len()) {
            let Some(start) = self.starts[subject as usize] else {
                continue;
            };
            let reached = self.reached(start, Without::default(), &mut known);
            if reached == 0 {
                continue;
            }
            let by_groups = self.by_groups(subject, &mut known);
            let both = reached & by_groups;
            let by_itself = if both == 0 {
                0
            } else {
                self.alone(subject, start, Without::default()) & both
            };
            let own = Without {
                own: true,
                ..Without::default()
            };
            let expected = self.reached(start, own, &mut defaults);
            for sink in 0..4 {
                let has = |sinks: u8| sinks >> sink & 1 == 1;
                if has(reached & !by_groups | by_itself) {
                    pairs.push(Pair {
                        subject,
                        sink,
                        is_expected: has(expected),
                        is_by_itself: has(by_itself),
                    });
                }
            }
        }
        pairs
    }

    fn reached(&mut self, start: u32, without: Without<'_>, known: &mut HashMap<Class, u8>) -> u8 {
        let class = self.class(start, without);
        if class.is_empty() {
            return 0;
        }
        if let Some(reached) = known.get(&class) {
            return *reached;
        }
        let reached = self.search.run(start, without);
        known.insert(class, reached);
        reached
    }

    fn class(&self, start: u32, without: Without<'_>) -> Class {
        let graph = self.search.graph;
        let following = graph.following(start).iter().map(|id| &graph.derivations[*id as usize]);
        let mut class: Class = following
            .filter(|derivation| without.holds(derivation))
            .map(|derivation| derivation.target)
            .collect();
        class.sort_unstable();
        class.dedup();
        class
    }

    fn by_groups(&mut self, subject: u32, known: &mut HashMap<Class, u8>) -> u8 {
        let groups = self.world.implied(subject);
        let starts: Vec<u32> = groups.iter().filter_map(|group| self.starts[*group as usize]).collect();
        starts
            .into_iter()
            .fold(0, |all, start| all | self.reached(start, Without::default(), known))
    }

    /// What a subject reaches if its groups are not believed.
    fn alone(&mut self, subject: u32, start: u32, without: Without<'_>) -> u8 {
        let blocked = self.groups(subject);
        self.search.run(
            start,
            Without {
                blocked: &blocked,
                ..without
            },
        )
    }

    fn groups(&self, subject: u32) -> Vec<u32> {
        let groups = self.world.implied(subject);
        groups.iter().filter_map(|group| self.starts[*group as usize]).collect()
    }

    /// Searches again for a pair, so that its way can be followed. Whether it is still there.
    pub(super) fn again(&mut self, pair: &Pair, removed: &[Element]) -> bool {
        self.reached_by(pair, removed) >> pair.sink & 1 == 1
    }

    /// The sinks that the subject of a pair reaches in the way in which the pair does.
    fn reached_by(&mut self, pair: &Pair, removed: &[Element]) -> u8 {
        let Some(start) = self.starts[pair.subject as usize] else {
            return 0;
        };
        let without = Without {
            removed,
            blocked: &[],
            own: pair.is_expected,
        };
        if pair.is_by_itself {
            self.alone(pair.subject, start, without)
        } else {
            self.search.run(start, without)
        }
    }

    /// How many of these pairs are gone once something is taken away: searched for again, not guessed.
    pub(super) fn closed<'p>(&mut self, pairs: impl Iterator<Item = &'p Pair>, removed: &[Element]) -> Vec<&'p Pair> {
        let mut by_subject: BTreeMap<(u32, bool), Vec<&Pair>> = BTreeMap::new();
        for pair in pairs {
            by_subject
                .entry((pair.subject, pair.is_by_itself))
                .or_default()
                .push(pair);
        }
        let mut known: HashMap<(Class, bool), u8> = HashMap::new();
        let mut closed = Vec::new();
        for pairs in by_subject.into_values() {
            let Some(first) = pairs.first() else { continue };
            let class = self.starts[first.subject as usize].map(|start| {
                let without = Without {
                    removed,
                    ..Without::default()
                };
                (self.class(start, without), first.is_by_itself)
            });
            let reached = match class.as_ref().and_then(|class| known.get(class)) {
                Some(reached) => *reached,
                None => self.reached_by(first, removed),
            };
            known.extend(class.filter(|_| !first.is_by_itself).map(|class| (class, reached)));
            closed.extend(pairs.into_iter().filter(|pair| reached >> pair.sink & 1 == 0));
        }
        closed
    }

    /// The derivations of the way that [`Closure::again`] found.
    pub(super) fn way(&self, pair: &Pair) -> Vec<u32> {
        self.search.way(self.search.graph.sink(pair.sink))
    }
}
