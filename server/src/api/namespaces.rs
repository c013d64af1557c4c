//! Namespaces: how each stands.

use analysis::namespaces;
use axum::extract::Path;
use axum::response::Response;
use shared::findings::{FindingQuery, FindingRow};
use shared::namespaces::{NamespaceDetail, Namespaces};
use shared::page::{AsOf, At, Stamped};
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::models;
use super::read::Read;
use super::state::AppState;
use crate::store::{findings, namespaces as stored};

/// Routes of namespaces.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// All namespaces: what they enforce and could, what bounds them, whether they deny by default, and what is wrong in them.
#[utoipa::path(get, path = "/namespaces", tag = "namespaces", params(At), responses(
    (status = 200, body = Stamped<Namespaces>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<At>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Namespaces::default()));
    };
    let (mut told, open) = tokio::try_join!(
        models::of_cluster(&read.state, &read.viewer, as_of, namespaces::namespaces),
        async { Ok(stored::open(read.db(), &read.viewer, as_of, None).await?) },
    )?;
    for row in &mut told.namespaces {
        row.open = open.get(&row.namespace).copied().unwrap_or_default();
    }
    Ok(read.answer(told))
}

/// One namespace: its findings, policies, limit ranges, and what of RBAC it holds.
#[utoipa::path(get, path = "/namespaces/{name}", tag = "namespaces", params(
    ("name" = String, Path, description = "payments"),
    At,
), responses(
    (status = 200, body = Stamped<NamespaceDetail>),
    (status = 404, body = Problem, description = "No such cluster or namespace"),
))]
async fn get(Path(name): Path<String>, read: Read<At>) -> Result<Response, ApiError> {
    let none = || ApiError::NotFound(format!("There is no namespace {name}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let wanted = name.clone();
    let question = models::of_cluster(&read.state, &read.viewer, as_of, move |cluster| {
        namespaces::detail(cluster, &wanted)
    });
    let known = stored::known(read.db(), &read.viewer, as_of, &name).await?;
    let Some(mut detail) = question.await? else {
        return Err(gone(&name, known).unwrap_or_else(none));
    };
    let mut open = stored::open(read.db(), &read.viewer, as_of, Some(&name)).await?;
    detail.row.open = open.remove(&name).unwrap_or_default();
    detail.first_seen = known.map(|known| known.since);
    detail.findings = on_itself(&read, as_of, &name).await?;
    Ok(read.answer(detail))
}

/// That a namespace is there no more, where it was.
fn gone(name: &str, known: Option<stored::Known>) -> Option<ApiError> {
    let at = known?.gone?.format("%F %R UTC");
    Some(ApiError::NotFound(format!("Namespace {name} was gone by {at}.")))
}

async fn on_itself(read: &Read<At>, as_of: &AsOf, name: &str) -> Result<Vec<FindingRow>, ApiError> {
    let query = FindingQuery {
        kind: Some("Namespace".into()),
        namespace: Some("-".into()),
        name: Some(name.to_owned()),
        ..FindingQuery::default()
    };
    Ok(findings::export(read.db(), &read.viewer, as_of, &query).await?)
}
