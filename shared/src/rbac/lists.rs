//! The lists of access: subjects, bindings, roles; and one of each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Rule, Subject, WhatCan};
use crate::object::ObjectRef;

/// A subject that bindings name, or a service account that none does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubjectRow {
    /// The subject.
    pub subject: Subject,
    /// How many bindings name it.
    pub bindings: u32,
    /// Whether one of them grants in the whole cluster.
    pub is_cluster_wide: bool,
    /// In how many namespaces the others grant.
    pub namespaces: u32,
    /// How many pods run as it; none for users and groups, and where pods were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pods: Option<u32>,
    /// Whether it is a service account that does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_missing: bool,
}

/// One subject: what it may do, and through what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubjectDetail {
    /// Its row in the list.
    pub row: SubjectRow,
    /// Who is in it, where it is a group that the API server fills, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<String>,
    /// Everything that it may do, with the groups that the API server puts it into.
    pub what: WhatCan,
    /// The bindings that name it.
    pub bindings: Vec<BindingRow>,
    /// The workloads whose pods run as it.
    pub workloads: Vec<ObjectRef>,
}

/// A binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BindingRow {
    /// The binding.
    pub binding: ObjectRef,
    /// The role that it grants.
    pub role: ObjectRef,
    /// Whether that role does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_dangling: bool,
    /// Whether Kubernetes made it itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
    /// Whom it names.
    pub subjects: Vec<Subject>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleRow {
    /// The role.
    pub role: ObjectRef,
    /// How many rules it comes to.
    pub rules: u32,
    /// How many bindings grant it.
    pub bindings: u32,
    /// How many subjects those name.
    pub subjects: u32,
    /// Whether Kubernetes made it itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
}

/// One role: what it permits, and to whom it is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleDetail {
    /// Its row in the list.
    pub row: RoleRow,
    /// What it permits.
    pub rules: Vec<PlacedRule>,
    /// The bindings that grant it.
    pub bindings: Vec<BindingRow>,
}

/// A rule, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlacedRule {
    /// The rule.
    pub rule: Rule,
    /// The role in which it stands, where that is one that is aggregated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregated: Option<ObjectRef>,
    /// Its place there, from 0.
    pub place: u32,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessSize {
    /// Subjects that bindings name.
    pub subjects: u32,
    /// Bindings.
    pub bindings: u32,
    /// Roles.
    pub roles: u32,
}
