//! What each subject gained and lost between two states of a cluster.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::object::ObjectRef;
use shared::rbac::{AccessChange, AccessChanges, Permission, Permissions, Subject};

use super::atoms::{AtomSet, Granted as GrantedTerm, Term};
use super::names::Names;
use super::what_can::{ByPlace, rule};
use super::{Access, Grant, Granted, shorten};
use crate::model::{Kind, Object};

/// What each subject gained and lost through bindings that name it, from `before` to `after`. Subjects of which no binding
/// and no role changed are not looked at.
pub fn compare(before: &Access, after: &Access) -> AccessChanges {
    let changed = changed_subjects(before, after);
    let changes = changed.into_iter().filter_map(|key| change(before, after, key));
    let mut changes: Vec<AccessChange> = changes.collect();
    // What could not be read before was perhaps there, and what could not be read after perhaps still is.
    for change in &mut changes {
        if !before.unread.is_empty() {
            change.gained.clear();
        }
        if !after.unread.is_empty() {
            change.lost.clear();
        }
    }
    changes.retain(|change| !change.gained.is_empty() || !change.lost.is_empty());
    changes.sort_by(|a, b| a.subject.cmp(&b.subject));
    let kinds = |access: &Access| access.unread.iter().map(|unread| unread.kind).collect::<Vec<Kind>>();
    let mut undecided = before.coverage(&kinds(before));
    undecided.extend(after.coverage(&kinds(after)));
    undecided.dedup();
    AccessChanges {
        // Of which snapshots the two are, their caller knows.
        since: None,
        changes,
        complete: undecided.is_empty(),
        undecided,
        // They rest on more than roles and bindings, and are told by whoever has that too.
        ways_opened: Vec::new(),
        ways_closed: Vec::new(),
    }
}

/// Whether it is a group, and its name.
type Key = (bool, String);

/// The subjects of bindings that are not the same, or whose roles are not.
fn changed_subjects(before: &Access, after: &Access) -> BTreeSet<Key> {
    let (old, new) = (bindings(before), bindings(after));
    let mut changed = BTreeSet::new();
    for (reference, place) in &old {
        let is_same = new
            .get(reference)
            .is_some_and(|other| is_same(before, *place, after, *other));
        if !is_same {
            changed.extend(subjects(before, *place));
            changed.extend(new.get(reference).into_iter().flat_map(|other| subjects(after, *other)));
        }
    }
    for (reference, place) in &new {
        if !old.contains_key(reference) {
            changed.extend(subjects(after, *place));
        }
    }
    changed
}

fn bindings(access: &Access) -> HashMap<ObjectRef, usize> {
    let bindings = access.bindings.iter().enumerate();
    bindings
        .map(|(place, binding)| (binding.object.reference(), place))
        .collect()
}

fn subjects(access: &Access, binding: usize) -> impl Iterator<Item = Key> + '_ {
    access.bindings[binding].subjects.iter().map(|subject| {
        let entry = &access.subjects[*subject as usize];
        (entry.is_group, access.names.text(entry.name).to_owned())
    })
}

fn is_same(before: &Access, old: usize, after: &Access, new: usize) -> bool {
    let (old, new) = (&before.bindings[old], &after.bindings[new]);
    is_same_object(&old.object, &new.object)
        && match (old.grants, new.grants) {
            (Granted::Role(old), Granted::Role(new)) => is_same_role(before, old, after, new),
            (old, new) => old == new,
        }
}

fn is_same_role(before: &Access, old: u32, after: &Access, new: u32) -> bool {
    let sources = |access: &'_ Access, role: u32| access.roles[role as usize].sources.clone();
    let (old, new) = (sources(before, old), sources(after, new));
    old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| is_same_object(&before.roles[*old as usize].object, &after.roles[*new as usize].object))
}

/// Snapshots share what did not change, most of the time.
fn is_same_object(old: &std::sync::Arc<Object>, new: &std::sync::Arc<Object>) -> bool {
    std::sync::Arc::ptr_eq(old, new) || old == new
}

/// One state of a subject, in numbers that both states share.
struct State {
    by_place: ByPlace,
    /// The atoms of each place; what was not taken apart stands in `large`.
    atoms: BTreeMap<Option<String>, AtomSet>,
    large: BTreeMap<Option<String>, BTreeSet<Term>>,
}

fn change(before: &Access, after: &Access, (is_group, name): Key) -> Option<AccessChange> {
    let mut names = Names::new();
    let old = State::of(before, is_group, &name, &mut names);
    let new = State::of(after, is_group, &name, &mut names);
    let gained = new.without(&old, &names, after);
    let lost = old.without(&new, &names, before);
    let subject: Subject = super::request::subject(is_group, &name);
    (!gained.is_empty() || !lost.is_empty()).then_some(AccessChange { subject, gained, lost })
}

impl State {
    fn of(access: &Access, is_group: bool, name: &str, names: &mut Names) -> Self {
        let known = if is_group { &access.groups } else { &access.users };
        let subject = known.get(&access.names.find(name)).copied();
        let mut state = Self {
            by_place: ByPlace::new(),
            atoms: BTreeMap::new(),
            large: BTreeMap::new(),
        };
        for (place, terms) in access.terms_of(&Vec::from_iter(subject)) {
            let terms = terms
                .into_iter()
                .map(|(term, grants)| (term.translated(&access.names, names), grants));
            let (small, large) = shorten::sizes(terms.collect());
            let atoms = small.iter().flat_map(|(term, _)| term.atoms());
            state.atoms.entry(place.clone()).or_default().extend(names, atoms);
            state
                .large
                .insert(place.clone(), large.iter().map(|(term, _)| term.clone()).collect());
            state.by_place.insert(place, small.into_iter().chain(large).collect());
        }
        state
    }

    /// Whether the other state has this atom in a place, or in the whole cluster.
    fn has(&self, place: &Option<String>, names: &Names, atom: super::atoms::Atom) -> bool {
        let places = [Some(place), place.as_ref().map(|_| &None)].into_iter().flatten();
        places
            .filter_map(|place| self.atoms.get(place))
            .any(|atoms| atoms.has(atom) || atoms.covers(names, atom))
    }

    /// What stands here and not there, in its shortest form.
    fn without(&self, other: &Self, names: &Names, access: &Access) -> Vec<Permissions> {
        let mut places = Vec::new();
        let mut of_cluster = AtomSet::default();
        for (place, terms) in &self.by_place {
            let (small, large) = shorten::sizes(terms.clone());
            let mut new: Vec<GrantedTerm> = Vec::new();
            for (term, grants) in small {
                let atoms = term.atoms().into_iter().filter(|atom| !other.has(place, names, *atom));
                new.extend(atoms.map(|atom| (Term::of_atom(atom), grants.clone())));
            }
            let short = shorten::shorten(names, &new, &of_cluster);
            let is_new = |term: &Term| !other.large.get(place).is_some_and(|large| large.contains(term));
            let large = large.into_iter().filter(|(term, _)| is_new(term));
            let all: Vec<GrantedTerm> = short.into_iter().chain(shorten::distinct(large.collect())).collect();
            if place.is_none() {
                of_cluster.extend(
                    names,
                    all.iter()
                        .filter(|(term, _)| term.size() < 20_000)
                        .flat_map(|(term, _)| term.atoms()),
                );
            }
            places.extend(described(access, names, place.clone().unwrap_or_default(), &all));
        }
        places
    }
}

fn described(access: &Access, names: &Names, namespace: String, terms: &[GrantedTerm]) -> Option<Permissions> {
    let in_words = |grants: &[Grant]| grants.iter().map(|grant| access.describe(grant)).collect();
    let mut permissions: Vec<Permission> = terms
        .iter()
        .map(|(term, grants)| {
            let rule = rule(names, term);
            let is_inert = |verb: &String| {
                rule.api_groups.iter().any(|group| {
                    rule.resources
                        .iter()
                        .any(|resource| access.resources.is_inert(verb, group, resource))
                })
            };
            Permission {
                inert: !namespace.is_empty() && rule.verbs.iter().all(is_inert),
                grants: in_words(grants),
                rule,
            }
        })
        .collect();
    permissions.sort_by(|a, b| a.rule.cmp(&b.rule));
    (!permissions.is_empty()).then_some(Permissions { namespace, permissions })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{access, role_and_binding};
    use super::*;

    fn world(rules: &str, kind: &str, namespace: &str) -> Access {
        let binding = format!(
            "kind: {kind}\nmetadata: {{name: b, namespace: '{namespace}'}}\nsubjects: [{{kind: Group, name: sre}}]"
        );
        access(&role_and_binding(rules, &binding))
    }

    fn lines(places: &[Permissions]) -> Vec<String> {
        let line = |place: &Permissions| {
            let rules = place.permissions.iter().map(|permission| {
                let rule = &permission.rule;
                format!(
                    "{} {} in '{}'",
                    rule.verbs.join(","),
                    rule.resources.join(","),
                    place.namespace
                )
            });
            rules.collect::<Vec<_>>()
        };
        places.iter().flat_map(line).collect()
    }

    const PODS: &str = "[{verbs: [get, list], apiGroups: [''], resources: [pods]}]";
    const MORE: &str = "[{verbs: [get], apiGroups: [''], resources: [pods, secrets]}]";

    #[test]
    fn nothing_changed_where_rules_are_the_same_in_other_words() {
        let other =
            "[{verbs: [list], apiGroups: [''], resources: [pods]}, {verbs: [get], apiGroups: [''], resources: [pods]}]";
        let changes = compare(&world(PODS, "RoleBinding", "a"), &world(other, "RoleBinding", "a"));
        assert_eq!((changes.changes.len(), changes.complete), (0, true));
    }

    #[test]
    fn what_a_role_gained_and_lost_its_subjects_did() {
        let changes = compare(&world(PODS, "RoleBinding", "a"), &world(MORE, "RoleBinding", "a")).changes;
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].subject.to_string(), "Group sre");
        assert_eq!(lines(&changes[0].gained), ["get secrets in 'a'"]);
        assert_eq!(lines(&changes[0].lost), ["list pods in 'a'"]);
        let grant = &changes[0].gained[0].permissions[0].grants[0];
        assert_eq!(grant.binding.to_string(), "RoleBinding a/b");
    }

    #[test]
    fn a_binding_that_came_gives_and_one_that_went_takes() {
        let (with, without) = (world(PODS, "ClusterRoleBinding", ""), access(""));
        assert_eq!(
            lines(&compare(&without, &with).changes[0].gained),
            ["get,list pods in ''"]
        );
        assert_eq!(
            lines(&compare(&with, &without).changes[0].lost),
            ["get,list pods in ''"]
        );
    }

    #[test]
    fn the_whole_cluster_has_what_a_namespace_had() {
        let (within, whole) = (world(PODS, "RoleBinding", "a"), world(PODS, "ClusterRoleBinding", ""));
        let widened = compare(&within, &whole).changes;
        assert_eq!(lines(&widened[0].gained), ["get,list pods in ''"]);
        assert_eq!(lines(&widened[0].lost), [""; 0]);
        assert_eq!(lines(&compare(&whole, &within).changes[0].gained), [""; 0]);
    }
}
