//! Who can do what: questions of role-based access control, and their answers.

pub mod graph;
pub mod lists;
pub mod query;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::escalations::Sink;
use crate::object::ObjectRef;
use crate::page::AsOf;
use crate::snapshots::KindCoverage;

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub enum SubjectKind {
    /// Someone, or something, that the cluster's authentication names.
    User,
    /// All whom the cluster's authentication, or the API server itself, puts into it.
    Group,
    /// A service account.
    ServiceAccount,
}

impl SubjectKind {
    /// The word of a binding.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::ServiceAccount => "ServiceAccount",
        }
    }
}

/// Whom a binding names. A user of the name `system:serviceaccount:NAMESPACE:NAME` is that service account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// The namespace of a service account; empty for users and groups.
    #[serde(default)]
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.namespace.as_str() {
            "" => write!(f, "{} {}", self.kind.as_str(), self.name),
            namespace => write!(f, "{} {namespace}/{}", self.kind.as_str(), self.name),
        }
    }
}

/// Whether somebody may do something: a line of `plimsoll rbac can-i --batch`. It is for a resource, or for a path. Groups are
/// taken as they stand, as a SubjectAccessReview takes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Question {
    /// The user's name; may be empty where there are groups.
    pub user: String,
    /// The user's groups.
    pub groups: Vec<String>,
    /// The verb: `get`.
    #[schema(required = true)]
    pub verb: String,
    /// API group of the resource; empty for the core group.
    pub group: String,
    /// The resource: `pods`.
    pub resource: String,
    /// The subresource: `exec`; empty for the resource itself.
    pub subresource: String,
    /// The namespace; empty for the whole cluster, and for what stands in none.
    pub namespace: String,
    /// The object's name; empty where the request carries none.
    pub name: String,
    /// The path, for what is no resource: `/metrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// One chain of objects that grants something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Whom the binding names.
    pub subject: Subject,
    /// The binding.
    pub binding: ObjectRef,
    /// The role that it grants.
    pub role: ObjectRef,
    /// The role in which the rule stands, where that is one that `role` aggregates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregated: Option<ObjectRef>,
    /// The place of the rule in its role, from 0.
    pub rule: u32,
}

/// Why something is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Reason {
    /// A rule grants it.
    Rule {
        /// The binding: `RoleBinding shop/ops`.
        binding: String,
        /// The role in which the rule stands: `ClusterRole view`.
        role: String,
        /// The place of the rule in that role, from 0.
        rule: u32,
    },
    /// A group is let through before any rule is looked at: `system:masters`.
    Group {
        /// The group.
        group: String,
    },
}

/// What a question names and the cluster does not know. It is answered all the same, as the API server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Unknown {
    /// No request has that verb.
    Verb,
    /// No such resource is served.
    Resource,
    /// The resource has no such subresource.
    Subresource,
    /// There is no such namespace.
    Namespace,
}

/// Whether somebody may do something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CanI {
    /// Whether it is allowed; null where that depends on what could not be read.
    #[schema(required)]
    pub allowed: Option<bool>,
    /// Why it is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Every chain that allows it, where all were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
    /// What could not be read and decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<KindCoverage>,
    /// What the cluster does not know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// Whether no request is ever like this one: what stands in no namespace is asked for without one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inert: bool,
    /// Bindings of theirs that grant nothing, since their role does not exist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dangling: Vec<ObjectRef>,
}

/// What a line of a batch that is no question is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchError {
    /// What is wrong with it.
    pub error: String,
}

/// An answer of `plimsoll rbac can-i --batch`: one for each line, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum BatchAnswer {
    /// The line is no question.
    Error(BatchError),
    /// The answer.
    Answer(Box<CanI>),
}

/// The answers to many questions, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchAnswers {
    /// Them.
    pub answers: Vec<BatchAnswer>,
}

/// How many questions a server answers at once.
pub const MAX_BATCH: usize = 250;

/// Someone who can, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    /// Whom bindings name.
    pub subject: Subject,
    /// Who is in a group that the API server itself fills, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<String>,
    /// How many service accounts of the cluster that group holds; none where it holds none by itself, or they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_accounts: Option<u32>,
    /// Whether the service account does not exist; left out where that is not known, and for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_missing: Option<bool>,
    /// Every chain; empty for `system:masters`, which needs none.
    pub grants: Vec<Grant>,
}

/// Everyone who can do something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhoCan {
    /// Subjects that bindings name: users, groups, service accounts. Whoever is in a group that is listed can too.
    pub subjects: Vec<Holder>,
    /// Whether these are all.
    pub complete: bool,
    /// What could not be read, where they may not be all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<KindCoverage>,
    /// What the cluster does not know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// Whether no request is ever like this one: what stands in no namespace is asked for without one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inert: bool,
}

/// A rule as a role writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Verbs; `*` for all.
    pub verbs: Vec<String>,
    /// API groups; `*` for all, empty for the core group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_groups: Vec<String>,
    /// Resources, subresources as `pods/exec`; `*` for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// The names for which it holds; all, where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_names: Vec<String>,
    /// Paths that are no resources.
    #[serde(default, rename = "nonResourceURLs", skip_serializing_if = "Vec::is_empty")]
    pub non_resource_urls: Vec<String>,
}

/// A rule that somebody holds, put together from those of their roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// The rule.
    pub rule: Rule,
    /// Whether no request is ever like this: what stands in no namespace is asked for without one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inert: bool,
    /// The chains from which it is put together.
    pub grants: Vec<Grant>,
}

/// What somebody may do in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// The namespace; empty for the whole cluster, which every namespace adds to.
    pub namespace: String,
    /// Rules that come to the same as all of theirs, and repeat nothing.
    pub permissions: Vec<Permission>,
}

/// Everything that somebody may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WhatCan {
    /// The user's name; empty where only groups were asked about.
    pub user: String,
    /// Their groups, those that the API server adds among them.
    pub groups: Vec<String>,
    /// Whether they are in `system:masters`, and may do everything whatever the roles say.
    pub is_root: bool,
    /// The whole cluster first, then namespaces.
    pub places: Vec<Permissions>,
    /// Whether that is all.
    pub complete: bool,
    /// What could not be read, where that may not be all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<KindCoverage>,
    /// Bindings of theirs that grant nothing, since their role does not exist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dangling: Vec<ObjectRef>,
}

/// What a subject gained and lost between two states of a cluster, through bindings that name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessChange {
    /// The subject.
    pub subject: Subject,
    /// What it may do now and could not do before; its grants are those of now.
    pub gained: Vec<Permissions>,
    /// What it could do before and may not do now; its grants are those of before.
    pub lost: Vec<Permissions>,
}

/// A subject, and what it could take over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reach {
    /// Who.
    pub subject: Subject,
    /// What.
    pub sink: Sink,
}

/// How access changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessChanges {
    /// The snapshot that is compared with; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<AsOf>,
    /// Each subject for which it did.
    pub changes: Vec<AccessChange>,
    /// Who could reach a sink after that could not before, and was not meant to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways_opened: Vec<Reach>,
    /// Who could before and can't after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways_closed: Vec<Reach>,
    /// Whether these are all.
    pub complete: bool,
    /// What could not be read before or after, where they may not be all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<KindCoverage>,
}
