//! The shortest equivalent form of what somebody holds: without what other rules cover, and put together again.
//!
//! The fewest rules that come to the same are hard to find (it is covering by products); of three ways that are each short
//! for another habit of writing roles, the shortest is taken. The result is exactly equivalent, and always the same.

use std::collections::{BTreeMap, HashMap};

use super::Grant;
use super::atoms::{Atom, AtomSet, GROUPS, Granted, NAMES, RESOURCES, Term, URLS, VERBS};
use super::names::Names;

/// Terms of more atoms than this stay as they are written, and so do all after this many: no role of Kubernetes comes near
/// it, and answers stay bounded whatever a role holds.
const MAX_ATOMS: usize = 20_000;
const MAX_ATOMS_OF_ALL: usize = 500_000;

/// The terms that are small enough to be taken apart, and the others.
pub(super) fn sizes(held: Vec<Granted>) -> (Vec<Granted>, Vec<Granted>) {
    let mut total = 0_usize;
    held.into_iter().partition(|(term, _)| {
        let size = term.size();
        let fits = size <= MAX_ATOMS && total + size <= MAX_ATOMS_OF_ALL;
        total += if fits { size } else { 0 };
        fits
    })
}

/// Terms that come to the same as these, without what `wider` covers too. All are small.
pub(super) fn shorten(names: &Names, held: &[Granted], wider: &AtomSet) -> Vec<Granted> {
    let kept = kept(names, held, wider);
    let singles = || {
        kept.iter()
            .map(|(atom, grants)| (Term::of_atom(*atom), grants.clone()))
            .collect()
    };
    let candidates = [
        merged(singles(), &[VERBS, NAMES, RESOURCES, GROUPS, URLS]),
        merged(singles(), &[NAMES, RESOURCES, GROUPS, URLS, VERBS]),
        merged(as_written(held, &kept), &[VERBS, NAMES, RESOURCES, GROUPS, URLS]),
    ];
    let size = |terms: &Vec<Granted>| {
        let length = terms.iter().flat_map(|(term, _)| &term.0).map(Vec::len).sum::<usize>();
        (terms.len(), length)
    };
    candidates.into_iter().min_by_key(size).unwrap_or_default()
}

/// Large terms, each once.
pub(super) fn distinct(large: Vec<Granted>) -> Vec<Granted> {
    merged(large, &[NAMES, URLS])
}

/// The atoms that no other covers, with the chains that grant them.
fn kept(names: &Names, held: &[Granted], wider: &AtomSet) -> BTreeMap<Atom, Vec<Grant>> {
    let mut atoms: BTreeMap<Atom, Vec<Grant>> = BTreeMap::new();
    for (term, grants) in held {
        for atom in term.atoms() {
            atoms.entry(atom).or_default().extend(grants);
        }
    }
    let mut all = AtomSet::default();
    all.extend(names, atoms.keys().copied());
    atoms.retain(|atom, _| !all.covers(names, *atom) && !wider.has(*atom) && !wider.covers(names, *atom));
    atoms
}

/// The terms as roles write them, as far as they are not covered, and without those that stand in others whole. Small ones
/// go first.
fn as_written(held: &[Granted], kept: &BTreeMap<Atom, Vec<Grant>>) -> Vec<Granted> {
    let mut terms: Vec<(Granted, Vec<Atom>)> = Vec::new();
    for (term, grants) in held {
        let atoms: Vec<Atom> = term
            .atoms()
            .into_iter()
            .filter(|atom| kept.contains_key(atom))
            .collect();
        terms.push(((Term::around(&atoms), grants.clone()), atoms));
    }
    terms.sort_by(|(a, a_atoms), (b, b_atoms)| (a_atoms.len(), a).cmp(&(b_atoms.len(), b)));
    let mut times: HashMap<Atom, usize> = HashMap::new();
    terms
        .iter()
        .flat_map(|(_, atoms)| atoms)
        .for_each(|atom| *times.entry(*atom).or_default() += 1);
    terms.retain(|(_, atoms)| {
        let is_needed = atoms.iter().any(|atom| times.get(atom) == Some(&1));
        if !is_needed {
            atoms.iter().for_each(|atom| *times.entry(*atom).or_default() -= 1);
        }
        is_needed
    });
    terms.into_iter().map(|(term, _)| term).collect()
}

/// Puts terms together that differ in one list only, list by list, until none are left that do.
fn merged(mut terms: Vec<Granted>, order: &[usize]) -> Vec<Granted> {
    loop {
        let before = terms.len();
        for dimension in order {
            terms = merged_in(terms, *dimension);
        }
        if terms.len() == before {
            terms.iter_mut().for_each(|(_, grants)| {
                grants.sort_unstable();
                grants.dedup();
            });
            terms.sort();
            return terms;
        }
    }
}

/// No names are all names, and go together with none.
fn merged_in(terms: Vec<Granted>, dimension: usize) -> Vec<Granted> {
    let mut merged: BTreeMap<(Term, bool), Granted> = BTreeMap::new();
    for (term, grants) in terms {
        let mut key = term.clone();
        key.0[dimension].clear();
        let is_open = term.0[dimension].is_empty();
        match merged.get_mut(&(key.clone(), is_open)) {
            None => {
                merged.insert((key, is_open), (term, grants));
            }
            Some((wider, all)) => {
                wider.0[dimension].extend(&term.0[dimension]);
                wider.0[dimension].sort_unstable();
                wider.0[dimension].dedup();
                all.extend(grants);
            }
        }
    }
    merged.into_values().collect()
}
