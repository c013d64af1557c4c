//! Rules as the single permissions that they come to: one verb on one resource of one group, for one name or all, or on one
//! path. `pkg/registry/rbac/validation/policy_comparator.go` compares them so.

use std::collections::HashSet;

use super::names::{Name, Names};
use super::{Grant, matcher};
use crate::rbac::rules::url_matches;

/// A product of lists, as a rule is one: verbs, groups, resources, names, paths, each sorted. One of resources has no paths,
/// and one of paths nothing else but verbs. No names are all names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Term(pub(super) [Vec<Name>; 5]);

pub(super) const VERBS: usize = 0;
pub(super) const GROUPS: usize = 1;
pub(super) const RESOURCES: usize = 2;
pub(super) const NAMES: usize = 3;
pub(super) const URLS: usize = 4;

/// A term, and the chains that grant it.
pub(super) type Granted = (Term, Vec<Grant>);

/// One single permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Atom {
    Resource {
        verb: Name,
        group: Name,
        resource: Name,
        name: Option<Name>,
    },
    Url {
        verb: Name,
        url: Name,
    },
}

impl Term {
    /// The terms of a rule: one of resources, one of paths.
    pub(super) fn of(rule: &matcher::Rule, has_urls: bool) -> impl Iterator<Item = Self> {
        let list = |set: &super::names::NameSet| set.iter().collect::<Vec<_>>();
        let (verbs, none) = (list(&rule.verbs), Vec::new);
        let resources = Self([
            verbs.clone(),
            list(&rule.groups),
            list(&rule.resources),
            list(&rule.names),
            none(),
        ]);
        let urls = Self([verbs, none(), none(), none(), list(&rule.urls)]);
        let is_some =
            |term: &Self| !term.0[VERBS].is_empty() && !term.0[GROUPS].is_empty() && !term.0[RESOURCES].is_empty();
        let resources = Some(resources).filter(is_some);
        let urls = Some(urls).filter(|term| has_urls && !term.0[VERBS].is_empty() && !term.0[URLS].is_empty());
        resources.into_iter().chain(urls)
    }

    /// The term of one atom.
    pub(super) fn of_atom(atom: Atom) -> Self {
        match atom {
            Atom::Resource {
                verb,
                group,
                resource,
                name,
            } => Self([
                vec![verb],
                vec![group],
                vec![resource],
                name.into_iter().collect(),
                Vec::new(),
            ]),
            Atom::Url { verb, url } => Self([vec![verb], Vec::new(), Vec::new(), Vec::new(), vec![url]]),
        }
    }

    /// Of how many atoms it is.
    pub(super) fn size(&self) -> usize {
        let factors = self.0.iter().map(|list| list.len().max(1));
        factors.fold(1, usize::saturating_mul)
    }

    /// Its atoms.
    pub(super) fn atoms(&self) -> Vec<Atom> {
        let [verbs, groups, resources, names, urls] = &self.0;
        let names: Vec<Option<Name>> = match names.as_slice() {
            [] => vec![None],
            names => names.iter().copied().map(Some).collect(),
        };
        let mut atoms = Vec::new();
        for verb in verbs {
            atoms.extend(urls.iter().map(|url| Atom::Url { verb: *verb, url: *url }));
            for (group, resource) in groups
                .iter()
                .flat_map(|group| resources.iter().map(move |resource| (group, resource)))
            {
                atoms.extend(names.iter().map(|name| Atom::Resource {
                    verb: *verb,
                    group: *group,
                    resource: *resource,
                    name: *name,
                }));
            }
        }
        atoms
    }

    /// The same in the numbers of other names.
    pub(super) fn translated(&self, from: &Names, to: &mut Names) -> Self {
        let mut term = self.clone();
        for list in &mut term.0 {
            list.iter_mut().for_each(|name| *name = to.add(from.text(*name)));
            list.sort_unstable();
        }
        term
    }

    /// The smallest term that holds all of these atoms; all of them are of one.
    pub(super) fn around(atoms: &[Atom]) -> Self {
        let mut lists: [Vec<Name>; 5] = Default::default();
        for atom in atoms {
            for (list, found) in lists.iter_mut().zip(Self::of_atom(*atom).0) {
                list.extend(found);
            }
        }
        for list in &mut lists {
            list.sort_unstable();
            list.dedup();
        }
        Self(lists)
    }
}

/// `*/exec` for `pods/exec`; unknown where there is none, or no subresource.
fn any_of_subresource(names: &Names, resource: Name) -> Name {
    match names.text(resource).split_once('/') {
        Some((_, subresource)) => names.find(&format!("*/{subresource}")),
        None => Name::UNKNOWN,
    }
}

/// Atoms, of which is asked whether they cover others.
#[derive(Debug, Default)]
pub(super) struct AtomSet {
    atoms: HashSet<Atom>,
    patterns: Vec<(Name, Name)>,
}

impl AtomSet {
    pub(super) fn extend(&mut self, names: &Names, atoms: impl IntoIterator<Item = Atom>) {
        for atom in atoms {
            let is_new = self.atoms.insert(atom);
            if let Atom::Url { verb, url } = atom
                && is_new
                && names.text(url).ends_with('*')
            {
                self.patterns.push((verb, url));
            }
        }
    }

    pub(super) fn has(&self, atom: Atom) -> bool {
        self.atoms.contains(&atom)
    }

    /// Whether another of these atoms grants all that this one does.
    pub(super) fn covers(&self, names: &Names, atom: Atom) -> bool {
        match atom {
            Atom::Url { verb, url } => self.covers_url(names, verb, url),
            Atom::Resource {
                verb,
                group,
                resource,
                name,
            } => {
                let resources = [Name::STAR, any_of_subresource(names, resource), resource];
                let all = resources.into_iter().flat_map(|resource| {
                    [Name::STAR, group].into_iter().flat_map(move |group| {
                        [Name::STAR, verb].into_iter().flat_map(move |verb| {
                            [None, name].into_iter().map(move |name| Atom::Resource {
                                verb,
                                group,
                                resource,
                                name,
                            })
                        })
                    })
                });
                all.into_iter().any(|wider| wider != atom && self.has(wider))
            }
        }
    }

    fn covers_url(&self, names: &Names, verb: Name, url: Name) -> bool {
        let of_all_verbs = Atom::Url { verb: Name::STAR, url };
        let is_wider = |(other_verb, pattern): &(Name, Name)| {
            (*other_verb == verb || *other_verb == Name::STAR)
                && *pattern != url
                && url_matches(names.text(*pattern), names.text(url))
        };
        verb != Name::STAR && self.has(of_all_verbs) || self.patterns.iter().any(is_wider)
    }
}
