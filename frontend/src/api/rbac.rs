//! Who can do what.

use shared::escalations::Escalations;
use shared::page::{At, Page, Stamped};
use shared::rbac::graph::{Graph, GraphQuery};
use shared::rbac::lists::{BindingRow, RoleDetail, RoleRow, SubjectDetail, SubjectRow};
use shared::rbac::query::{
    AccessChangesQuery, AccessListQuery, CanIQuery, EscalationsQuery, WhatCanQuery, WhoCanQuery,
};
use shared::rbac::{AccessChanges, CanI, WhatCan, WhoCan};

use super::client::{self, Request};
use crate::here::encode;

/// Whether somebody may do something.
pub(crate) fn can_i(query: &CanIQuery) -> Request<Stamped<CanI>> {
    client::get_stamped("/api/v1/rbac/can-i", query)
}

/// Everyone who may do something.
pub(crate) fn who_can(query: &WhoCanQuery) -> Request<Stamped<WhoCan>> {
    client::get_stamped("/api/v1/rbac/who-can", query)
}

/// Everything that somebody may do.
pub(crate) fn what_can(query: &WhatCanQuery) -> Request<Stamped<WhatCan>> {
    client::get_stamped("/api/v1/rbac/what-can", query)
}

/// A page of subjects.
pub(crate) fn subjects(query: &AccessListQuery) -> Request<Stamped<Page<SubjectRow>>> {
    client::get_stamped("/api/v1/rbac/subjects", query)
}

/// A page of bindings.
pub(crate) fn bindings(query: &AccessListQuery) -> Request<Stamped<Page<BindingRow>>> {
    client::get_stamped("/api/v1/rbac/bindings", query)
}

/// A page of roles.
pub(crate) fn roles(query: &AccessListQuery) -> Request<Stamped<Page<RoleRow>>> {
    client::get_stamped("/api/v1/rbac/roles", query)
}

/// One subject.
pub(crate) fn subject(of: &Named, at: At) -> Request<Stamped<SubjectDetail>> {
    client::get_stamped(&of.path("/api/v1/rbac/subjects"), &at)
}

/// One role.
pub(crate) fn role(of: &Named, at: At) -> Request<Stamped<RoleDetail>> {
    client::get_stamped(&of.path("/api/v1/rbac/roles"), &at)
}

/// The graph.
pub(crate) fn graph(query: &GraphQuery) -> Request<Stamped<Graph>> {
    client::get_stamped("/api/v1/rbac/graph", query)
}

/// How access changed.
pub(crate) fn changes(query: &AccessChangesQuery) -> Request<Stamped<AccessChanges>> {
    client::get_stamped("/api/v1/rbac/changes", query)
}

/// How anyone could become administrator.
pub(crate) fn escalations(query: &EscalationsQuery) -> Request<Stamped<Escalations>> {
    client::get_stamped("/api/v1/rbac/escalations", query)
}

/// A subject or a role as addresses name it: what stands in no namespace has the namespace `-`.
pub(crate) struct Named {
    /// `ServiceAccount`, `ClusterRole`.
    pub(crate) kind: String,
    /// The namespace, or `-`.
    pub(crate) namespace: String,
    /// The name.
    pub(crate) name: String,
}

impl Named {
    fn path(&self, below: &str) -> String {
        format!(
            "{below}/{}/{}/{}",
            encode(&self.kind),
            encode(&self.namespace),
            encode(&self.name)
        )
    }
}
