//! Reports: the list, making one, and its files.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shared::page::{At, Page};
use shared::problem::Problem;
use shared::reports::{MadeReport, NewReport, ReportFormat, ReportQuery, ReportRow, ReportSchedule};
use shared::snapshots::Which;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::download::download;
use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use super::{frameworks, read};
use crate::report::weekly::style_of;
use crate::reports::{ReportError, make};
use crate::store::reports::{By, Made};
use crate::store::viewer::Viewer;
use crate::store::{clusters, reports};

/// Routes of reports.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(schedule))
        .routes(routes!(file))
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Store(error) => error.into(),
            ReportError::Write(_) | ReportError::BrokeOff(_) => Self::internal(error),
        }
    }
}

/// Reports that are kept, newest first.
#[utoipa::path(get, path = "/reports", tag = "compliance", params(ReportQuery), responses(
    (status = 200, body = Page<ReportRow>),
    (status = 400, body = Problem, description = "The cursor makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    Query(query): Query<ReportQuery>,
) -> Result<Json<Page<ReportRow>>, ApiError> {
    identity.require(Scope::Read)?;
    let Some(cluster) = clusters::named_or_first(&state.db, &identity.viewer, query.cluster).await? else {
        return Ok(Json(Page::default()));
    };
    Ok(Json(
        reports::list(&state.db, &identity.viewer, cluster.id, &query).await?,
    ))
}

/// Which reports are made without being asked for, and how often.
#[utoipa::path(get, path = "/reports/schedule", tag = "compliance", responses((status = 200, body = ReportSchedule)))]
async fn schedule(State(state): State<AppState>, identity: Identity) -> Result<Json<ReportSchedule>, ApiError> {
    identity.require(Scope::Read)?;
    Ok(Json(ReportSchedule::clone(&state.reports)))
}

/// Make the report of a snapshot; it is kept. Of a framework and a snapshot there is one, which is the answer where it was made
/// before; `isNew` tells.
#[utoipa::path(post, path = "/reports", tag = "compliance", request_body = NewReport, responses(
    (status = 200, body = MadeReport),
    (status = 403, body = Problem),
    (status = 404, body = Problem, description = "No such cluster or framework"),
    (status = 409, body = Problem, description = "There is no snapshot yet"),
))]
async fn create(
    State(state): State<AppState>,
    identity: Identity,
    Json(new): Json<NewReport>,
) -> Result<Json<MadeReport>, ApiError> {
    identity.require(Scope::Ingest)?;
    if identity.viewer != Viewer::All {
        return Err(ApiError::Forbidden("A report tells of the whole cluster."));
    }
    let framework = frameworks::named(&state, Some(&new.framework))?;
    let at = At {
        cluster: new.cluster,
        at: new.at,
    };
    let as_of = read::as_of(&state, &identity.viewer, &at).await?;
    let as_of = as_of.ok_or_else(|| ApiError::Conflict("There is no snapshot to tell of yet.".into()))?;
    let made = Made {
        at: state.now(),
        by: By::Name(&identity.name),
    };
    let catalogue = state.checks.catalogue();
    Ok(Json(make(&state.db, (&framework, &catalogue), &as_of, made).await?))
}

/// A report as a file: `3.html` for people, `3.csv` with one row for each control, `3.json` with everything.
#[utoipa::path(get, path = "/reports/{file}", tag = "compliance", params(
    ("file" = String, Path, description = "3.html, 3.csv or 3.json"), Which,
), responses(
    (status = 200, content(
        (String = "text/html"), (String = "text/csv"), (shared::reports::document::Report = "application/json"),
    )),
    (status = 404, body = Problem, description = "No such cluster or report"),
))]
async fn file(
    State(state): State<AppState>,
    identity: Identity,
    Path(file): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, ApiError> {
    identity.require(Scope::Read)?;
    let none = || ApiError::NotFound(format!("There is no report {file}."));
    let (report, format) = named(&file).ok_or_else(none)?;
    let cluster = clusters::named_or_first(&state.db, &identity.viewer, which.cluster).await?;
    let cluster = cluster.ok_or_else(none)?.id;
    let body = reports::file(&state.db, &identity.viewer, cluster, report, format).await?;
    let (body, name) = (body.ok_or_else(none)?, format!("plimsoll-report-{file}"));
    Ok(match format {
        ReportFormat::Html => page(body),
        ReportFormat::Csv => download("text/csv; charset=utf-8", &name, body),
        ReportFormat::Json => download("application/json", &name, body),
    })
}

fn named(file: &str) -> Option<(i64, ReportFormat)> {
    let (number, ending) = file.split_once('.')?;
    Some((number.parse().ok()?, ReportFormat::parse(ending)?))
}

/// The page as a browser may show it: with its own style, and nothing else; it can neither run nor load nor send anything.
fn page(body: String) -> Response {
    let style = style_of(&body).unwrap_or_else(|| "none".into());
    let policy = format!(
        "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_number_and_its_format() {
        assert_eq!(named("12.html"), Some((12, ReportFormat::Html)));
        for wrong in ["12", "x.html", "12.pdf", ".csv", "12.html.csv"] {
            assert_eq!(named(wrong), None, "{wrong}");
        }
    }
}
