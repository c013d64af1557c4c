//! Who can do what: an index of all roles and bindings that answers as the authoriser of `kube-apiserver` does.
//!
//! The specification is `pkg/registry/rbac/validation/rule.go`, `pkg/apis/rbac/v1/evaluation_helpers.go` and
//! `plugin/pkg/auth/authorizer/rbac/rbac.go`. The index owns what it needs of the snapshot, so that it can outlive it.

mod aggregation;
mod answer;
mod atoms;
mod build;
mod can_i;
mod compare;
mod coverage;
#[cfg(test)]
mod fixture;
mod matcher;
mod names;
pub(in crate::rbac) mod parts;
mod request;
mod resources;
mod shorten;
mod what_can;
mod who_can;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use shared::clusters::Source;
use shared::object::ObjectRef;
use shared::rbac::{Grant as GrantInWords, Subject};

use crate::model::names::kept;
use crate::model::rbac::PolicyRule;
use crate::model::{Kind, Object};

pub use answer::{flaw, request};
pub use can_i::{Decision, Verdict};
pub use compare::compare;
pub use coverage::Unread;
pub use request::{Identity, Request, Target};
pub use resources::{BUILT_IN, KnownResource, Resources};
pub use what_can::Held;
pub use who_can::Holders;

use matcher::Rule;
use names::{Name, Names};

/// Where a snapshot comes from: what of it stands as it is, and what the cluster would add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A running cluster, in which a controller has filled in what roles aggregate.
    Live,
    /// Manifests: roles aggregate what they select. With `defaults`, the roles and bindings that the API server makes itself
    /// are there too, but where manifests hold one of the same name.
    Files {
        /// Whether the API server's own roles and bindings are assumed.
        defaults: bool,
    },
}

impl From<Source> for Origin {
    fn from(source: Source) -> Self {
        match source {
            Source::Live | Source::Demo => Self::Live,
            Source::Files => Self::Files { defaults: true },
        }
    }
}

/// Who can do what in a cluster, by its roles and bindings. Owned, and made in one pass over rules and bindings.
#[derive(Debug)]
pub struct Access {
    origin: Origin,
    names: Names,
    roles: Vec<RoleEntry>,
    bindings: Vec<BindingEntry>,
    subjects: Vec<SubjectEntry>,
    users: HashMap<Name, u32>,
    groups: HashMap<Name, u32>,
    /// The rules in which a resource, or `*`, or `*/exec`, stands.
    by_resource: HashMap<Name, Vec<RuleId>>,
    /// The rules in which any path stands.
    by_url: Vec<RuleId>,
    unread: Vec<Unread>,
    resources: Resources,
    /// Service accounts by namespace; none where they were not read. Manifests don't show those that controllers make.
    accounts: Option<BTreeMap<String, BTreeSet<String>>>,
}

/// A rule: its role, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct RuleId {
    role: u32,
    rule: u32,
}

#[derive(Debug)]
struct RoleEntry {
    object: Arc<Object>,
    rules: Vec<Rule>,
    /// The roles whose rules it comes to: itself, or those that it aggregates.
    sources: Vec<u32>,
    /// The roles that come to its rules: itself, or those that aggregate it.
    holders: Vec<u32>,
    /// The bindings that name it.
    bound: Bound,
}

/// Bindings, by where they grant.
#[derive(Debug, Default)]
struct Bound {
    cluster: Vec<u32>,
    /// By namespace.
    namespaced: Vec<(Name, u32)>,
}

impl Bound {
    /// Those that grant in a namespace: first those of the whole cluster. [`Name::UNKNOWN`] has none of its own.
    fn within(&self, namespace: Name) -> impl Iterator<Item = u32> + '_ {
        let start = self.namespaced.partition_point(|(other, _)| *other < namespace);
        let own = self.namespaced[start..]
            .iter()
            .take_while(move |(other, _)| *other == namespace);
        self.cluster.iter().copied().chain(own.map(|(_, binding)| *binding))
    }

    fn all(&self) -> impl Iterator<Item = u32> + '_ {
        let namespaced = self.namespaced.iter().map(|(_, binding)| *binding);
        self.cluster.iter().copied().chain(namespaced)
    }
}

#[derive(Debug)]
struct BindingEntry {
    object: Arc<Object>,
    /// None for the whole cluster.
    namespace: Option<Name>,
    grants: Granted,
    subjects: Vec<u32>,
}

/// What a binding grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Granted {
    Role(u32),
    /// The role does not exist: an error for the authoriser, which looks on at other bindings.
    Missing,
    /// The role may exist: roles of this kind could not be read.
    Unread(Kind),
}

#[derive(Debug)]
struct SubjectEntry {
    is_group: bool,
    /// As the API server knows it.
    name: Name,
    bound: Bound,
}

/// One chain of objects that grants something: a subject, the binding that names it, its role, and the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    subject: u32,
    binding: u32,
    role: u32,
    rule: RuleId,
}

impl Access {
    /// Every subject that a binding names, each once, sorted.
    pub fn subjects(&self) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = (0..self.subjects.len()).map(|place| self.subject(place)).collect();
        subjects.sort();
        subjects
    }

    fn subject(&self, place: usize) -> Subject {
        let entry = &self.subjects[place];
        request::subject(entry.is_group, self.names.text(entry.name))
    }

    /// The subjects that somebody is, as far as bindings name them.
    fn subjects_of<'a>(&'a self, who: &'a Identity) -> impl Iterator<Item = u32> + 'a {
        let user = self.users.get(&self.names.find(&kept(&who.user)));
        let group = |group: &String| self.groups.get(&self.names.find(&kept(group))).copied();
        user.filter(|_| !who.user.is_empty())
            .copied()
            .into_iter()
            .chain(who.groups.iter().filter_map(group))
    }

    /// The namespace of whose bindings it is asked; [`Name::UNKNOWN`] where there are none.
    fn namespace_of(&self, target: &Target<'_>) -> Name {
        target
            .namespace()
            .map_or(Name::UNKNOWN, |namespace| self.names.find(namespace))
    }

    /// The rules of a role, its own or those that it aggregates.
    fn rules_of(&self, role: u32) -> impl Iterator<Item = (RuleId, &Rule)> {
        let sources = self.roles[role as usize].sources.iter();
        sources.flat_map(move |source| {
            let rules = self.roles[*source as usize].rules.iter();
            (0..)
                .zip(rules)
                .map(|(rule, compiled)| (RuleId { role: *source, rule }, compiled))
        })
    }

    /// The chain in words.
    pub fn describe(&self, grant: &Grant) -> GrantInWords {
        let aggregated = (grant.rule.role != grant.role).then(|| self.role(grant.rule.role));
        GrantInWords {
            subject: self.subject(grant.subject as usize),
            binding: self.bindings[grant.binding as usize].object.reference(),
            role: self.role(grant.role),
            aggregated,
            rule: grant.rule.rule,
        }
    }

    /// The rule at the end of a chain, as its role writes it.
    pub fn rule(&self, grant: &Grant) -> Option<&PolicyRule> {
        self.written(grant.rule)
    }

    fn role(&self, role: u32) -> ObjectRef {
        self.roles[role as usize].object.reference()
    }

    fn compiled(&self, id: RuleId) -> &Rule {
        &self.roles[id.role as usize].rules[id.rule as usize]
    }

    fn written(&self, id: RuleId) -> Option<&PolicyRule> {
        build::rules(&self.roles[id.role as usize].object).get(id.rule as usize)
    }

    /// The RBAC kinds that could not be read whole.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// The resources that the cluster is known to have.
    pub fn resources(&self) -> &Resources {
        &self.resources
    }
}
