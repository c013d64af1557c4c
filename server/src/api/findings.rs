//! Findings: the list with its facets, one finding, and the export.

use analysis::origin::origin;
use axum::extract::Path;
use axum::response::Response;
use shared::findings::{FindingDetail, FindingPage, FindingQuery, FindingRow};
use shared::ids::FindingId;
use shared::page::{At, Stamped};
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::download::download;
use super::error::ApiError;
use super::fixes;
use super::models;
use super::read::Read;
use super::state::AppState;
use crate::csv::line;
use crate::store::findings;

/// Routes of findings.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(export_csv))
        .routes(routes!(export_json))
        .routes(routes!(get))
}

/// Findings by any attribute, with the counts of each attribute's values.
#[utoipa::path(get, path = "/findings", tag = "findings", params(FindingQuery), responses(
    (status = 200, body = Stamped<FindingPage>),
    (status = 400, body = Problem, description = "A filter, the sort or the cursor makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<FindingQuery>) -> Result<Response, ApiError> {
    let page = match &read.as_of {
        Some(as_of) => findings::list(read.db(), &read.viewer, as_of, &read.query).await?,
        None => FindingPage::default(),
    };
    Ok(read.answer(page))
}

/// One finding: evidence, patch with its effect, history.
#[utoipa::path(get, path = "/findings/{id}", tag = "findings", params(("id" = String, Path), At), responses(
    (status = 200, body = Stamped<FindingDetail>),
    (status = 404, body = Problem, description = "No such cluster or finding"),
))]
async fn get(Path(id): Path<FindingId>, read: Read<At>) -> Result<Response, ApiError> {
    let none = || ApiError::NotFound(format!("There is no finding {id}."));
    let as_of = read.as_of.as_ref().ok_or_else(none)?;
    let mut finding = findings::get(read.db(), &read.viewer, as_of, &id)
        .await?
        .ok_or_else(none)?;
    if let Some(info) = read.state.checks.catalogue().info(&finding.row.check) {
        finding.check_info = info;
    }
    if finding.patch.is_some() {
        finding.effect = fixes::effect(&read.state, &read.viewer, as_of, &id).await?;
    }
    let object = finding.row.object.clone();
    let (origin, pods) = models::of_cluster(&read.state, &read.viewer, as_of, move |cluster| {
        let resolved = cluster.snapshot.resolve(&object);
        let runs = cluster.workloads.iter().find(|workload| workload.reference == object);
        let pods = runs.map(|workload| u32::try_from(workload.pods.len()).unwrap_or(u32::MAX));
        (resolved.and_then(|object| origin(object)), pods)
    })
    .await?;
    (finding.origin, finding.pods) = (origin, pods);
    Ok(read.answer(finding))
}

/// All findings that the filters let through, as CSV.
#[utoipa::path(get, path = "/findings/export.csv", tag = "findings", params(FindingQuery), responses(
    (status = 200, body = String, content_type = "text/csv"),
    (status = 400, body = Problem, description = "A filter or the sort makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn export_csv(read: Read<FindingQuery>) -> Result<Response, ApiError> {
    let rows = all(&read).await?;
    Ok(download("text/csv; charset=utf-8", "findings.csv", csv(&rows)))
}

/// All findings that the filters let through, as a JSON array.
#[utoipa::path(get, path = "/findings/export.json", tag = "findings", params(FindingQuery), responses(
    (status = 200, body = Vec<FindingRow>),
    (status = 400, body = Problem, description = "A filter or the sort makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn export_json(read: Read<FindingQuery>) -> Result<Response, ApiError> {
    let rows = serde_json::to_string(&all(&read).await?).map_err(ApiError::internal)?;
    Ok(download("application/json", "findings.json", rows))
}

async fn all(read: &Read<FindingQuery>) -> Result<Vec<FindingRow>, ApiError> {
    Ok(match &read.as_of {
        Some(as_of) => findings::export(read.db(), &read.viewer, as_of, &read.query).await?,
        None => Vec::new(),
    })
}

fn csv(rows: &[FindingRow]) -> String {
    let mut text = "id,severity,area,check,kind,namespace,name,title,status,firstSeen,since\r\n".to_owned();
    for row in rows {
        let (first_seen, since) = (row.first_seen.to_rfc3339(), row.since.to_rfc3339());
        let cells = [
            row.id.0.as_str(),
            row.severity.as_str(),
            row.area.as_str(),
            &row.check,
            &row.object.kind,
            &row.object.namespace,
            &row.object.name,
            &row.title,
            row.status.as_str(),
            &first_seen,
            &since,
        ];
        text += &line(cells);
    }
    text
}
