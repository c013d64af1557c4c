//! Workloads: what runs.

use analysis::{other_engines, usage};
use axum::extract::Path;
use axum::response::Response;
use shared::page::{At, Page, Stamped};
use shared::problem::Problem;
use shared::workloads::{WorkloadDetail, WorkloadQuery, WorkloadRow};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::models;
use super::read::Read;
use super::state::AppState;
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
async fn list(read: Read<WorkloadQuery>) -> Result<Response, ApiError> {
    let page = match &read.as_of {
        Some(as_of) => workloads::list(read.db(), &read.viewer, as_of, &read.query).await?,
        None => Page::default(),
    };
    Ok(read.answer(page))
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
    Path((kind, namespace, name)): Path<(String, String, String)>,
    read: Read<At>,
) -> Result<Response, ApiError> {
    let none = || ApiError::NotFound(format!("There is no {kind} {namespace}/{name}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let found = workloads::get(read.db(), &read.viewer, as_of, &kind, &namespace, &name).await?;
    let mut workload = found.ok_or_else(none)?;
    let object = workload.row.object.clone();
    let judged = models::of_cluster(&read.state, &read.viewer, as_of, move |cluster| {
        let usage = usage::of_workload(cluster, &object);
        (other_engines::results(cluster, &object), usage)
    });
    (workload.policy_results, workload.usage) = judged.await?;
    Ok(read.answer(workload))
}
