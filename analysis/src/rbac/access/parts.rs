//! The parts of the index by number, for engines that follow them further than one question.

use shared::object::ObjectRef;
use shared::rbac::{Grant as GrantInWords, Subject};

use super::{Access, BindingEntry, Grant, Granted, Origin, RuleId, build};
use crate::model::Object;
use crate::model::rbac::PolicyRule;

/// A binding: where it grants, what, and to whom.
#[derive(Debug, Clone, Copy)]
pub(in crate::rbac) struct BindingPart<'a> {
    pub(in crate::rbac) object: &'a Object,
    /// None for the whole cluster.
    pub(in crate::rbac) namespace: Option<&'a str>,
    /// None where the role is not there, or was not read.
    pub(in crate::rbac) role: Option<u32>,
    /// Whether the role is not there.
    pub(in crate::rbac) is_dangling: bool,
    pub(in crate::rbac) subjects: &'a [u32],
}

/// A rule: the role in which it stands, and its place there.
pub(in crate::rbac) type Rule = (u32, u32);

impl Access {
    /// All bindings, by number.
    pub(in crate::rbac) fn binding_parts(&self) -> impl Iterator<Item = BindingPart<'_>> {
        self.bindings.iter().map(|entry| self.part(entry))
    }

    /// A binding of that number.
    pub(in crate::rbac) fn binding_part(&self, number: u32) -> Option<BindingPart<'_>> {
        self.bindings.get(number as usize).map(|entry| self.part(entry))
    }

    fn part<'a>(&'a self, entry: &'a BindingEntry) -> BindingPart<'a> {
        BindingPart {
            object: &entry.object,
            namespace: entry.namespace.map(|namespace| self.names.text(namespace)),
            role: match entry.grants {
                Granted::Role(role) => Some(role),
                Granted::Missing | Granted::Unread(_) => None,
            },
            is_dangling: entry.grants == Granted::Missing,
            subjects: &entry.subjects,
        }
    }

    /// All roles, by number.
    pub(in crate::rbac) fn role_parts(&self) -> impl Iterator<Item = &Object> {
        self.roles.iter().map(|entry| entry.object.as_ref())
    }

    /// A role of that number.
    pub(in crate::rbac) fn role_part(&self, number: u32) -> Option<&Object> {
        self.roles.get(number as usize).map(|entry| entry.object.as_ref())
    }

    /// The rules that a role comes to, each with where it stands.
    pub(in crate::rbac) fn rule_parts(&self, role: u32) -> impl Iterator<Item = (Rule, &PolicyRule)> {
        let sources = self.roles[role as usize].sources.iter();
        sources.flat_map(|source| {
            let rules = build::rules(&self.roles[*source as usize].object).iter();
            (0..).zip(rules).map(|(place, rule)| ((*source, place), rule))
        })
    }

    /// All subjects, by number: whether each is a group, and the name by which the API server knows it.
    pub(in crate::rbac) fn subject_parts(&self) -> impl Iterator<Item = (bool, &str)> {
        self.subjects
            .iter()
            .map(|entry| (entry.is_group, self.names.text(entry.name)))
    }

    /// A chain in words.
    pub(in crate::rbac) fn chain(&self, subject: u32, binding: u32, role: u32, (of, rule): Rule) -> GrantInWords {
        self.describe(&Grant {
            subject,
            binding,
            role,
            rule: RuleId { role: of, rule },
        })
    }

    /// A role's reference.
    pub(in crate::rbac) fn role_reference(&self, role: u32) -> ObjectRef {
        self.role(role)
    }

    /// Where the snapshot comes from.
    pub(in crate::rbac) fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether service accounts were read, so that one that was not found is not there.
    pub(in crate::rbac) fn knows_accounts(&self) -> bool {
        self.accounts.is_some()
    }
}

/// The subject of a name as the API server knows it.
pub(in crate::rbac) fn subject(is_group: bool, name: &str) -> Subject {
    super::request::subject(is_group, name)
}

/// The service account that a user's name stands for, as namespace and name.
pub(in crate::rbac) fn account_of(user: &str) -> Option<(&str, &str)> {
    super::request::account_of(user)
}
