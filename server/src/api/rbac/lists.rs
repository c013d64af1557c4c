//! Subjects, bindings and roles: their lists, and one of each.

use analysis::rbac::access::Identity;
use analysis::rbac::lists;
use axum::extract::Path;
use axum::response::Response;
use shared::object::ObjectRef;
use shared::page::{At, Page, Stamped};
use shared::problem::Problem;
use shared::rbac::lists::{BindingRow, RoleDetail, RoleRow, SubjectDetail, SubjectRow};
use shared::rbac::query::AccessListQuery;
use shared::rbac::{Subject, SubjectKind};

use super::rows::{Key, page};
use crate::api::error::ApiError;
use crate::api::models::{self, Model};
use crate::api::read::Read;

/// Subjects that bindings name, and all service accounts.
#[utoipa::path(get, path = "/rbac/subjects", tag = "rbac", params(AccessListQuery), responses(
    (status = 200, body = Stamped<Page<SubjectRow>>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn subjects(read: Read<AccessListQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Page::<SubjectRow>::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let rows = page(lists::subjects(&model.snapshot), &read.query, |row| Key {
        kind: row.subject.kind.as_str(),
        namespace: &row.subject.namespace,
        name: &row.subject.name,
    });
    Ok(read.answer(rows))
}

/// One subject: what it may do, through which bindings, and what runs as it.
#[utoipa::path(get, path = "/rbac/subjects/{kind}/{namespace}/{name}", tag = "rbac", params(
    ("kind" = SubjectKind, Path, description = "ServiceAccount"),
    ("namespace" = String, Path, description = "shop; `-` for users and groups"),
    ("name" = String, Path, description = "web"),
    At,
), responses(
    (status = 200, body = Stamped<SubjectDetail>),
    (status = 404, body = Problem, description = "No such cluster, or no binding and no service account of that name"),
))]
pub(super) async fn subject(
    Path((kind, namespace, name)): Path<(SubjectKind, String, String)>,
    read: Read<At>,
) -> Result<Response, ApiError> {
    let namespace = if namespace == "-" { String::new() } else { namespace };
    let subject = Subject { kind, namespace, name };
    let none = || ApiError::NotFound(format!("Nothing names {subject}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let row = lists::subjects(&model.snapshot)
        .into_iter()
        .find(|row| row.subject == subject)
        .ok_or_else(none)?;
    let bindings = lists::bindings(&model.snapshot);
    let detail = SubjectDetail {
        members: lists::members(&subject),
        what: model.access.permissions(&Identity::of(&subject), None),
        bindings: bindings
            .into_iter()
            .filter(|binding| binding.subjects.contains(&subject))
            .collect(),
        workloads: workloads(&model, &subject),
        row,
    };
    Ok(read.answer(detail))
}

/// The workloads whose pods run as a service account.
fn workloads(model: &Model, subject: &Subject) -> Vec<ObjectRef> {
    if subject.kind != SubjectKind::ServiceAccount {
        return Vec::new();
    }
    let theirs = analysis::cluster::workloads(&model.snapshot)
        .into_iter()
        .filter(|workload| {
            workload.reference.namespace == subject.namespace && workload.service_account() == subject.name
        });
    theirs.map(|workload| workload.reference).collect()
}

/// Bindings, with whom they name and what they grant.
#[utoipa::path(get, path = "/rbac/bindings", tag = "rbac", params(AccessListQuery), responses(
    (status = 200, body = Stamped<Page<BindingRow>>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn bindings(read: Read<AccessListQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Page::<BindingRow>::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let rows = page(lists::bindings(&model.snapshot), &read.query, |row| key(&row.binding));
    Ok(read.answer(rows))
}

/// Roles, with how often each is granted.
#[utoipa::path(get, path = "/rbac/roles", tag = "rbac", params(AccessListQuery), responses(
    (status = 200, body = Stamped<Page<RoleRow>>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn roles(read: Read<AccessListQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Page::<RoleRow>::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let rows = page(lists::roles(&model.snapshot), &read.query, |row| key(&row.role));
    Ok(read.answer(rows))
}

fn key(object: &ObjectRef) -> Key<'_> {
    Key {
        kind: &object.kind,
        namespace: &object.namespace,
        name: &object.name,
    }
}

/// One role: its rules, and the bindings that grant it.
#[utoipa::path(get, path = "/rbac/roles/{kind}/{namespace}/{name}", tag = "rbac", params(
    ("kind" = String, Path, description = "Role, ClusterRole"),
    ("namespace" = String, Path, description = "shop; `-` for a ClusterRole"),
    ("name" = String, Path, description = "reader"),
    At,
), responses(
    (status = 200, body = Stamped<RoleDetail>),
    (status = 404, body = Problem, description = "No such cluster or role"),
))]
pub(super) async fn role(
    Path((kind, namespace, name)): Path<(String, String, String)>,
    read: Read<At>,
) -> Result<Response, ApiError> {
    let role = ObjectRef {
        group: "rbac.authorization.k8s.io".into(),
        namespace: if namespace == "-" { String::new() } else { namespace },
        kind,
        name,
    };
    let none = || ApiError::NotFound(format!("There is no {role}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let detail = lists::role(&model.snapshot, &role).ok_or_else(none)?;
    Ok(read.answer(detail))
}
