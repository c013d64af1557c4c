//! Everyone who can do something.

use std::collections::BTreeMap;

use super::matcher::Probe;
use super::names::Name;
use super::{Access, Grant, Request, RuleId};
use crate::model::Kind;

/// Who can do something, by subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holders {
    /// Every chain, those of one subject one after the other.
    pub grants: Vec<Grant>,
    /// The kinds that could not be read, and that may let more people in; none where these are all.
    pub undecided: Vec<Kind>,
}

impl Access {
    /// Everyone whom a binding lets do something: users, groups and service accounts. `system:masters` is not among them, and
    /// can.
    pub fn who_can(&self, request: &Request<'_>) -> Holders {
        let probe = Probe::new(&self.names, request);
        let namespace = self.namespace_of(&request.target);
        let mut grants = Vec::new();
        for rule in self.rules_for(&probe) {
            for role in &self.roles[rule.role as usize].holders {
                for binding in self.roles[*role as usize].bound.within(namespace) {
                    let subjects = self.bindings[binding as usize].subjects.iter();
                    grants.extend(subjects.map(|subject| Grant {
                        subject: *subject,
                        binding,
                        role: *role,
                        rule,
                    }));
                }
            }
        }
        grants.sort_unstable();
        Holders {
            grants,
            undecided: self.undecided_for_anyone(request),
        }
    }

    /// The rules that allow a request: only those in which its resource stands are looked at.
    fn rules_for(&self, probe: &Probe<'_>) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = match *probe {
            Probe::Url { .. } => self.by_url.clone(),
            Probe::Resource {
                resource,
                any_of_subresource,
                ..
            } => [Name::STAR, resource, any_of_subresource]
                .iter()
                .filter_map(|pattern| self.by_resource.get(pattern))
                .flatten()
                .copied()
                .collect(),
        };
        rules.retain(|rule| self.compiled(*rule).allows(&self.names, probe));
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    fn undecided_for_anyone(&self, request: &Request<'_>) -> Vec<Kind> {
        let namespace = self.namespace_of(&request.target);
        let in_scope = (0..).zip(&self.bindings).filter(|(_, binding)| {
            let is_here = binding.namespace.is_none_or(|own| own == namespace);
            is_here && !binding.subjects.is_empty()
        });
        self.kinds_behind(in_scope.map(|(id, _)| id), request.target.namespace().is_some())
    }

    /// Chains by the subject that they let in.
    pub(super) fn by_subject(&self, grants: &[Grant]) -> BTreeMap<u32, Vec<Grant>> {
        let mut by_subject: BTreeMap<u32, Vec<Grant>> = BTreeMap::new();
        for grant in grants {
            by_subject.entry(grant.subject).or_default().push(*grant);
        }
        by_subject
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{access, get, role_and_binding};
    use super::super::{Access, Origin};
    use crate::fixture::snapshot;

    const SUBJECTS: &str = "kind: RoleBinding\nmetadata: {name: b, namespace: shop}
subjects: [{kind: ServiceAccount, name: web}, {kind: User, name: ann}, {kind: Group, name: 'system:serviceaccounts:shop'}]";

    fn names(rules: &str, namespace: &str) -> Vec<String> {
        let access = access(&role_and_binding(rules, SUBJECTS));
        let found = access.holders(&get("pods", namespace)).subjects;
        found.iter().map(|holder| holder.subject.to_string()).collect()
    }

    #[test]
    fn everyone_whom_a_binding_of_the_place_names_is_found() {
        let all = [
            "Group system:masters",
            "User ann",
            "Group system:serviceaccounts:shop",
            "ServiceAccount shop/web",
        ];
        for rules in [
            "[{verbs: [get], apiGroups: [''], resources: [pods]}]",
            "[{verbs: ['*'], apiGroups: ['*'], resources: ['*', pods]}]",
        ] {
            assert_eq!(names(rules, "shop"), all);
            assert_eq!(names(rules, "tools"), all[..1]);
            assert_eq!(names(rules, ""), all[..1]);
        }
        for rules in [
            "[{verbs: [get], apiGroups: [apps], resources: [pods]}]",
            "[{verbs: [get], apiGroups: [''], resources: ['pods/*']}]",
            "[{verbs: [get], apiGroups: [''], resources: [pods], resourceNames: [a]}]",
        ] {
            assert_eq!(names(rules, "shop"), all[..1]);
        }
    }

    #[test]
    fn groups_of_service_accounts_tell_how_many_they_hold_and_accounts_whether_they_exist() {
        let account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: api, namespace: shop}\n";
        let text = role_and_binding("[{verbs: [get], apiGroups: [''], resources: [pods]}]", SUBJECTS);
        let manifests = snapshot(&format!("{text}{account}"));
        let found = Access::new(&manifests, Origin::Live).holders(&get("pods", "shop"));
        assert!(found.complete);
        let group = &found.subjects[2];
        assert_eq!(
            group.members.as_deref(),
            Some("every service account of namespace shop")
        );
        assert_eq!((group.service_accounts, group.is_missing), (Some(1), None));
        assert_eq!(found.subjects[3].is_missing, Some(true));
        // Manifests don't show the accounts that controllers make.
        let found = access(&text).holders(&get("pods", "shop"));
        assert_eq!(
            (found.subjects[2].service_accounts, found.subjects[3].is_missing),
            (None, None)
        );
    }
}
