//! Pod Security: what namespaces enforce, what they could, and what stands in the way.

use analysis::pod_security::admission::Exemptions;
use analysis::pod_security::{Version, namespaces};
use axum::extract::Path;
use axum::response::Response;
use shared::object::ObjectRef;
use shared::page::{At, Stamped};
use shared::pod_security::{PodSecurity, PodSecurityQuery, WorkloadLevels};
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::models;
use super::read::Read;
use super::state::AppState;

/// Routes of Pod Security.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(of_workload))
}

/// What each namespace enforces, the narrowest level it could enforce today, and what would have to change for the next.
#[utoipa::path(get, path = "/pod-security", tag = "pod-security", params(PodSecurityQuery), responses(
    (status = 200, body = Stamped<PodSecurity>),
    (status = 400, body = Problem, description = "The version makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<PodSecurityQuery>) -> Result<Response, ApiError> {
    let version = read.query.version.as_deref().map(version).transpose()?;
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(PodSecurity::default()));
    };
    let only = read.query.namespace.clone();
    let levels = models::of_cluster(&read.state, &read.viewer, as_of, move |cluster| {
        let version = version.unwrap_or_else(|| namespaces::version_in(cluster));
        namespaces::levels(cluster, version, &Exemptions::default(), only.as_deref())
    });
    let levels = levels.await?;
    Ok(read.answer(levels))
}

fn version(text: &str) -> Result<Version, ApiError> {
    text.parse()
        .map_err(|error| ApiError::BadRequest(format!("version: {error}")))
}

/// What a workload breaks of each level, in the cluster's own version of the standards.
#[utoipa::path(get, path = "/workloads/{kind}/{namespace}/{name}/pod-security", tag = "pod-security", params(
    ("kind" = String, Path, description = "Deployment"),
    ("namespace" = String, Path, description = "payments"),
    ("name" = String, Path, description = "api"),
    At,
), responses(
    (status = 200, body = Stamped<WorkloadLevels>),
    (status = 404, body = Problem, description = "No such cluster or workload"),
))]
async fn of_workload(
    Path((kind, namespace, name)): Path<(String, String, String)>,
    read: Read<At>,
) -> Result<Response, ApiError> {
    let none = || ApiError::NotFound(format!("There is no {kind} {namespace}/{name}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let is_it = {
        let (kind, namespace, name) = (kind.clone(), namespace.clone(), name.clone());
        move |object: &ObjectRef| object.kind == kind && object.namespace == namespace && object.name == name
    };
    let found = models::of_cluster(&read.state, &read.viewer, as_of, move |cluster| {
        let workload = cluster.workloads.iter().find(|workload| is_it(&workload.reference))?;
        Some(namespaces::verdicts(workload, namespaces::version_in(cluster)))
    });
    let verdicts = found.await?.ok_or_else(none)?;
    Ok(read.answer(verdicts))
}
