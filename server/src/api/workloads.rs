//! Workloads: what runs.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use shared::page::{At, Page, Stamped};
use shared::problem::Problem;
use shared::tokens::Scope;
use shared::workloads::{WorkloadDetail, WorkloadQuery, WorkloadRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::stamp::Stamp;
use super::state::AppState;
use crate::auth::identity::Identity;
use crate::store::workloads;

/// Routes of workloads.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// Workloads, the worst first.
#[utoipa::path(get, path = "/workloads", tag = "workloads", params(WorkloadQuery), responses(
    (status = 200, body = Stamped<Page<WorkloadRow>>),
    (status = 400, body = Problem, description = "A filter or the cursor makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    headers: HeaderMap,
    Query(query): Query<WorkloadQuery>,
) -> Result<Response, ApiError> {
    identity.require(Scope::Read)?;
    let at = At {
        cluster: query.cluster,
        at: query.at,
    };
    let stamp = Stamp::of(&state, &identity, &headers, &at).await?;
    if let Some(response) = stamp.not_modified() {
        return Ok(response);
    }
    let page = match &stamp.as_of {
        Some(as_of) => workloads::list(&state.db, &identity.viewer, as_of, &query).await?,
        None => Page {
            items: Vec::new(),
            total: 0,
            next: None,
        },
    };
    Ok(stamp.answer(page))
}

/// One workload: its containers, findings and history. A deleted one is shown as it last stood.
#[utoipa::path(get, path = "/workloads/{kind}/{namespace}/{name}", tag = "workloads", params(
    ("kind" = String, Path, description = "Deployment"),
    ("namespace" = String, Path, description = "payments"),
    ("name" = String, Path, description = "api"),
    At,
), responses(
    (status = 200, body = Stamped<WorkloadDetail>),
    (status = 404, body = Problem, description = "No such cluster or workload"),
))]
async fn get(
    State(state): State<AppState>,
    identity: Identity,
    headers: HeaderMap,
    Path((kind, namespace, name)): Path<(String, String, String)>,
    Query(at): Query<At>,
) -> Result<Response, ApiError> {
    identity.require(Scope::Read)?;
    let stamp = Stamp::of(&state, &identity, &headers, &at).await?;
    if let Some(response) = stamp.not_modified() {
        return Ok(response);
    }
    let none = || ApiError::NotFound(format!("There is no {kind} {namespace}/{name}."));
    let as_of = stamp.as_of.as_ref().ok_or_else(none)?;
    let found = workloads::get(&state.db, &identity.viewer, as_of, &kind, &namespace, &name).await?;
    Ok(stamp.answer(found.ok_or_else(none)?))
}
