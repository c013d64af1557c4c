//! Everything that somebody may do, place by place, in the shortest equivalent form.

use std::collections::BTreeMap;

use shared::rbac::{Permission, Permissions, Rule};

use super::atoms::{Atom, AtomSet, GROUPS, Granted as GrantedTerm, NAMES, RESOURCES, Term, URLS, VERBS};
use super::names::{Name, Names};
use super::{Access, Grant, Granted, Identity, RuleId, shorten};
use crate::model::Kind;

/// What somebody holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The whole cluster first, then namespaces; none where there is nothing.
    pub places: Vec<Permissions>,
    /// The kinds that could not be read, and that may hold more; none where that is all.
    pub undecided: Vec<Kind>,
}

/// Terms by the namespace in which they hold; those of the whole cluster under none.
pub(super) type ByPlace = BTreeMap<Option<String>, Vec<GrantedTerm>>;

impl Access {
    /// Everything that somebody may do: in the whole cluster, and beyond that in `namespace` or, without one, in each. What
    /// `system:masters` may do is not among it.
    pub fn what_can(&self, who: &Identity, namespace: Option<&str>) -> Held {
        let subjects: Vec<u32> = self.subjects_of(who).collect();
        let mut held = self.terms_of(&subjects);
        held.retain(|place, _| match (place, namespace) {
            (Some(place), Some(namespace)) => place == namespace,
            _ => true,
        });
        let bindings = subjects
            .iter()
            .flat_map(|subject| self.subjects[*subject as usize].bound.all());
        let undecided = self.kinds_behind(bindings, true);
        Held {
            places: self.places(held),
            undecided,
        }
    }

    /// What bindings grant these subjects, by place.
    pub(super) fn terms_of(&self, subjects: &[u32]) -> ByPlace {
        let mut rules: BTreeMap<(Option<Name>, RuleId), Vec<Grant>> = BTreeMap::new();
        for subject in subjects {
            for binding in self.subjects[*subject as usize].bound.all() {
                let entry = &self.bindings[binding as usize];
                let Granted::Role(role) = entry.grants else {
                    continue;
                };
                for (rule, _) in self.rules_of(role) {
                    rules.entry((entry.namespace, rule)).or_default().push(Grant {
                        subject: *subject,
                        binding,
                        role,
                        rule,
                    });
                }
            }
        }
        let mut by_place = ByPlace::new();
        for ((namespace, rule), grants) in rules {
            let place = namespace.map(|namespace| self.names.text(namespace).to_owned());
            let terms = Term::of(self.compiled(rule), namespace.is_none());
            by_place
                .entry(place)
                .or_default()
                .extend(terms.map(|term| (term, grants.clone())));
        }
        by_place
    }

    /// A namespace shows only what the whole cluster does not.
    fn places(&self, mut held: ByPlace) -> Vec<Permissions> {
        let mut places = Vec::new();
        let (cluster, large) = shorten::sizes(held.remove(&None).unwrap_or_default());
        let mut wider = AtomSet::default();
        wider.extend(&self.names, cluster.iter().flat_map(|(term, _)| term.atoms()));
        let terms = shorten::shorten(&self.names, &cluster, &AtomSet::default());
        let all = terms.into_iter().chain(shorten::distinct(large));
        places.push(self.place(String::new(), all.map(|term| (term, false))));
        for (namespace, terms) in held {
            let terms = self.of_namespace(terms, &wider);
            places.push(self.place(namespace.unwrap_or_default(), terms.into_iter()));
        }
        places.retain(|place| !place.permissions.is_empty());
        places
    }

    /// The shortest form of what holds in a namespace, and whether each is inert there.
    fn of_namespace(&self, terms: Vec<GrantedTerm>, cluster: &AtomSet) -> Vec<(GrantedTerm, bool)> {
        let (small, large) = shorten::sizes(terms);
        let (effective, inert) = self.split_inert(small);
        let mut wider = AtomSet::default();
        wider.extend(&self.names, effective.iter().flat_map(|(term, _)| term.atoms()));
        let effective = shorten::shorten(&self.names, &effective, cluster);
        let mut inert = shorten::shorten(&self.names, &inert, cluster);
        // What is inert and covered by what is not, as `nodes` by `*`, is no part of the shortest form.
        inert.retain(|(term, _)| !term.atoms().iter().all(|atom| wider.covers(&self.names, *atom)));
        let effective = effective.into_iter().chain(shorten::distinct(large));
        let effective = effective.map(|term| (term, false));
        effective.chain(inert.into_iter().map(|term| (term, true))).collect()
    }

    /// Terms that may be asked for in a namespace, and atoms that never are.
    fn split_inert(&self, terms: Vec<GrantedTerm>) -> (Vec<GrantedTerm>, Vec<GrantedTerm>) {
        let (mut effective, mut inert) = (Vec::new(), Vec::new());
        for (term, grants) in terms {
            let atoms = term.atoms();
            if !atoms.iter().any(|atom| self.is_inert(*atom)) {
                effective.push((term, grants));
                continue;
            }
            for atom in atoms {
                let list = if self.is_inert(atom) {
                    &mut inert
                } else {
                    &mut effective
                };
                list.push((Term::of_atom(atom), grants.clone()));
            }
        }
        (effective, inert)
    }

    fn is_inert(&self, atom: Atom) -> bool {
        let Atom::Resource {
            verb, group, resource, ..
        } = atom
        else {
            return false;
        };
        let text = |name| self.names.text(name);
        self.resources.is_inert(text(verb), text(group), text(resource))
    }

    fn place(&self, namespace: String, terms: impl Iterator<Item = (GrantedTerm, bool)>) -> Permissions {
        let permission = |((term, grants), inert): (GrantedTerm, bool)| Permission {
            rule: rule(&self.names, &term),
            inert,
            grants: grants.iter().map(|grant| self.describe(grant)).collect(),
        };
        let mut permissions: Vec<Permission> = terms.map(permission).collect();
        permissions.sort_by(|a, b| (a.inert, &a.rule).cmp(&(b.inert, &b.rule)));
        Permissions { namespace, permissions }
    }
}

/// A term as a role would write it.
pub(super) fn rule(names: &Names, term: &Term) -> Rule {
    let list = |dimension: usize| {
        let mut list: Vec<String> = term.0[dimension]
            .iter()
            .map(|name| names.text(*name).to_owned())
            .collect();
        list.sort_unstable();
        list
    };
    Rule {
        verbs: list(VERBS),
        api_groups: list(GROUPS),
        resources: list(RESOURCES),
        resource_names: list(NAMES),
        non_resource_urls: list(URLS),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{access, role_and_binding};
    use super::*;

    fn lines(places: &[Permissions]) -> Vec<String> {
        let line = |place: &Permissions, permission: &Permission| {
            let Rule {
                verbs,
                api_groups,
                resources,
                resource_names,
                non_resource_urls,
            } = &permission.rule;
            let lists = [verbs, api_groups, resources, resource_names, non_resource_urls];
            let lists: Vec<String> = lists.iter().map(|list| list.join(",")).collect();
            let inert = if permission.inert { " inert" } else { "" };
            format!("{}: {}{inert}", place.namespace, lists.join(" ").trim_end())
        };
        let all = places
            .iter()
            .flat_map(|place| place.permissions.iter().map(move |permission| line(place, permission)));
        all.collect()
    }

    fn held(rules: &str) -> Vec<String> {
        let whole = "kind: ClusterRoleBinding\nmetadata: {name: b}\nsubjects: [{kind: User, name: ann}]";
        let access = access(&role_and_binding(rules, whole));
        lines(&access.what_can(&Identity::with_implied_groups("ann", &[]), None).places)
    }

    #[test]
    fn what_another_rule_covers_is_left_out() {
        assert_eq!(
            held(
                "[{verbs: [get, list], apiGroups: [''], resources: [pods]}, {verbs: ['*'], apiGroups: [''], resources: [pods]}]"
            ),
            [": *  pods"]
        );
        assert_eq!(
            held(
                "[{verbs: [get], apiGroups: [a], resources: [x, x/s, z/s]}, {verbs: [get], apiGroups: [a], resources: ['*/s']}]"
            ),
            [": get a */s,x"]
        );
        assert_eq!(
            held(
                "[{verbs: [get], apiGroups: [a], resources: [x], resourceNames: [one]}, {verbs: [get], apiGroups: ['*'], resources: [x]}]"
            ),
            [": get * x"]
        );
        assert_eq!(
            held("[{verbs: [get], nonResourceURLs: ['/a/b', '/a/*', '/a**']}]"),
            [": get    /a*"]
        );
    }

    #[test]
    fn rules_are_put_together_in_whichever_way_is_shortest() {
        assert_eq!(
            held(
                "[{verbs: [get], apiGroups: [''], resources: [pods]}, {verbs: [list], apiGroups: [''], resources: [pods]},
                {verbs: [get, list], apiGroups: [apps], resources: [pods]}]"
            ),
            [": get,list ,apps pods"]
        );
        assert_eq!(
            held(
                "[{verbs: [get, list], apiGroups: [g], resources: [a, b]}, {verbs: [create], apiGroups: [g], resources: [b, c]}]"
            ),
            [": create g b,c", ": get,list g a,b"]
        );
    }

    #[test]
    fn a_rule_without_verbs_groups_or_resources_grants_nothing() {
        assert_eq!(
            held("[{verbs: [get], apiGroups: ['']}, {apiGroups: [''], resources: [pods]}]"),
            [""; 0]
        );
    }

    #[test]
    fn a_rule_too_large_to_take_apart_stands_as_it_is_written() {
        let list = |prefix: &str| {
            (0..40)
                .map(|n| format!("{prefix}{n:02}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let rules = format!(
            "[{{verbs: [{}], apiGroups: [{}], resources: [{}]}}]",
            list("v"),
            list("g"),
            list("r")
        );
        assert_eq!(held(&rules).len(), 1);
    }

    #[test]
    fn a_namespace_adds_to_the_whole_cluster_and_marks_what_is_never_asked_for_there() {
        let rules = "[{verbs: [get, create], apiGroups: [''], resources: [pods, nodes, namespaces]},
            {verbs: [get], nonResourceURLs: ['/x']},
            {verbs: [bind, escalate], apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles]}]";
        let within = "kind: RoleBinding\nmetadata: {name: b, namespace: shop}\nsubjects: [{kind: User, name: ann}]";
        let more = "---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: other}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: other}
subjects: [{kind: Group, name: 'system:authenticated'}]
roleRef: {kind: ClusterRole, name: other}
";
        let access = access(&format!("{}{more}", role_and_binding(rules, within)));
        let ann = Identity::with_implied_groups("ann", &[]);
        let all = lines(&access.what_can(&ann, None).places);
        assert_eq!(
            all,
            [
                ": get  pods",
                "shop: bind rbac.authorization.k8s.io clusterroles",
                "shop: create  pods",
                "shop: get  namespaces",
                "shop: create  namespaces inert",
                "shop: create,get  nodes inert",
                "shop: escalate rbac.authorization.k8s.io clusterroles inert",
            ]
        );
        assert_eq!(lines(&access.what_can(&ann, Some("tools")).places), all[..1]);
    }
}
