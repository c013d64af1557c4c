//! What to take away: for one way, and so that most ways are gone.

use std::collections::{BTreeMap, BTreeSet};

use super::closure::{Closure, Pair};
use super::graph::Element;

/// Ways that nobody meant, each with what can be taken away so that it is gone.
pub(super) struct Ways {
    pub(super) pairs: Vec<Pair>,
    /// The elements of the way of each pair.
    elements: Vec<BTreeSet<Element>>,
    /// The pairs on whose way an element is.
    on: BTreeMap<Element, BTreeSet<usize>>,
}

/// Changes, each with the number of pairs that it closes beyond those before it.
pub(super) struct Chosen {
    pub(super) elements: Vec<(Element, usize)>,
    /// How many pairs all close.
    pub(super) closes: usize,
    /// No fewer changes close the same.
    pub(super) lower_bound: usize,
}

/// A cut of more changes than this is no advice any more.
const MAX_CHANGES: usize = 20;

impl Ways {
    /// The ways of those pairs that are not expected. `may_go` says what may be taken away: what Kubernetes makes itself
    /// it puts back.
    pub(super) fn new(closure: &mut Closure<'_>, pairs: &[Pair], may_go: impl Fn(Element) -> bool) -> Self {
        let mut ways = Self {
            pairs: pairs.iter().filter(|pair| !pair.is_expected).cloned().collect(),
            elements: Vec::new(),
            on: BTreeMap::new(),
        };
        for place in 0..ways.pairs.len() {
            let elements = way(closure, &ways.pairs[place], &[], &may_go).unwrap_or_default();
            ways.elements.push(BTreeSet::new());
            ways.set(place, elements);
        }
        ways
    }

    fn set(&mut self, place: usize, elements: BTreeSet<Element>) {
        for element in &self.elements[place] {
            self.on.entry(*element).and_modify(|on| _ = on.remove(&place));
        }
        for element in &elements {
            self.on.entry(*element).or_default().insert(place);
        }
        self.elements[place] = elements;
    }

    /// How many pairs are gone once an element is. A pair on whose way it is not stays.
    fn closes(&self, closure: &mut Closure<'_>, element: Element, before: &[Element]) -> BTreeSet<usize> {
        let Some(on) = self.on.get(&element) else {
            return BTreeSet::new();
        };
        let removed: Vec<Element> = before.iter().copied().chain([element]).collect();
        let pairs = on.iter().map(|place| &self.pairs[*place]);
        let closed: BTreeSet<(u32, usize)> = closure
            .closed(pairs, &removed)
            .iter()
            .map(|pair| (pair.subject, pair.sink))
            .collect();
        let is_closed = |place: &&usize| closed.contains(&(self.pairs[**place].subject, self.pairs[**place].sink));
        on.iter().filter(is_closed).copied().collect()
    }

    /// For each pair the one change that closes it and most others; the narrower one of two that close as many.
    pub(super) fn fixes(&self, closure: &mut Closure<'_>) -> BTreeMap<(u32, usize), (Element, usize)> {
        let mut best: BTreeMap<(u32, usize), (Element, usize)> = BTreeMap::new();
        let candidates = self.on.keys().filter(|element| !matches!(element, Element::Binding(_)));
        for element in candidates {
            let closed = self.closes(closure, *element, &[]);
            for place in &closed {
                let pair = &self.pairs[*place];
                let entry = best.entry((pair.subject, pair.sink)).or_insert((*element, 0));
                if closed.len() > entry.1 {
                    *entry = (*element, closed.len());
                }
            }
        }
        best
    }

    /// Greedy: the element that closes most of what is left, again and again. How many pairs an element is on the way of
    /// bounds how many it closes, so few have to be tried.
    pub(super) fn cut(mut self, closure: &mut Closure<'_>, may_go: impl Fn(Element) -> bool) -> Chosen {
        let ways: Vec<BTreeSet<Element>> = self.elements.clone();
        let mut removed: Vec<Element> = Vec::new();
        let mut chosen = Vec::new();
        let mut closed = BTreeSet::new();
        while chosen.len() < MAX_CHANGES {
            let Some((element, gone)) = self.best(closure, &removed) else {
                break;
            };
            removed.push(element);
            chosen.push((element, gone.len()));
            let left: Vec<usize> = self.on.get(&element).into_iter().flatten().copied().collect();
            for place in left {
                let way = way(closure, &self.pairs[place], &removed, &may_go);
                self.set(place, way.unwrap_or_default());
            }
            closed.extend(gone);
        }
        Chosen {
            lower_bound: disjoint(closed.iter().map(|place| &ways[*place])),
            elements: chosen,
            closes: closed.len(),
        }
    }

    fn best(&self, closure: &mut Closure<'_>, removed: &[Element]) -> Option<(Element, BTreeSet<usize>)> {
        let mut candidates: Vec<(Element, usize)> = self
            .on
            .iter()
            .filter(|(element, on)| {
                !on.is_empty() && !is_in_another(**element, |binding| self.on.contains_key(&binding))
            })
            .map(|(element, on)| (*element, on.len()))
            .collect();
        candidates.sort_by_key(|(element, bound)| (std::cmp::Reverse(*bound), *element));
        let mut best: Option<(Element, BTreeSet<usize>)> = None;
        for (element, bound) in candidates {
            let most = best.as_ref().map_or(0, |(_, gone)| gone.len());
            if most >= bound {
                break;
            }
            let gone = self.closes(closure, element, removed);
            if gone.len() > most {
                best = Some((element, gone));
            }
        }
        best
    }
}

/// What can be taken away on the way of a pair; none where there is no way any more.
fn way(
    closure: &mut Closure<'_>,
    pair: &Pair,
    removed: &[Element],
    may_go: &impl Fn(Element) -> bool,
) -> Option<BTreeSet<Element>> {
    if !closure.again(pair, removed) {
        return None;
    }
    let graph = closure.search.graph;
    let way = closure.way(pair);
    let elements = way.iter().flat_map(|id| graph.derivations[*id as usize].elements());
    Some(elements.filter(|element| may_go(*element)).collect())
}

/// Whether it is the subject of a binding that can be taken away whole, which closes as much and more.
fn is_in_another(element: Element, may_go: impl Fn(Element) -> bool) -> bool {
    matches!(element, Element::Subject { binding, .. } if may_go(Element::Binding(binding)))
}

/// How many ways share no binding and no rule, chosen shortest first: so many changes are needed at least.
fn disjoint<'a>(ways: impl Iterator<Item = &'a BTreeSet<Element>>) -> usize {
    let mut ways: Vec<Vec<Element>> = ways
        .map(|way| {
            let elements = way.iter().copied();
            elements
                .filter(|element| !is_in_another(*element, |binding| way.contains(&binding)))
                .collect()
        })
        .collect();
    ways.sort_by_key(Vec::len);
    let mut taken: BTreeSet<Element> = BTreeSet::new();
    let mut count = 0;
    for way in ways {
        if !way.iter().any(|element| taken.contains(element)) {
            taken.extend(way);
            count += 1;
        }
    }
    count
}
