//! Certificates: the calendar of their ends, and its export.

use analysis::tls::calendar::calendar;
use axum::response::Response;
use chrono::{DateTime, Utc};
use shared::certificates::{Calendar, CertificateQuery, CertificateRow};
use shared::page::Stamped;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::download::download;
use super::error::ApiError;
use super::models;
use super::read::Read;
use super::state::AppState;
use crate::csv::line;

/// Routes of certificates.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(export_csv))
}

/// Every certificate that can be seen, by when it ends, and the places of those that can't.
#[utoipa::path(get, path = "/certificates", tag = "certificates", params(CertificateQuery), responses(
    (status = 200, body = Stamped<Calendar>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<CertificateQuery>) -> Result<Response, ApiError> {
    let calendar = known(&read).await?;
    Ok(read.answer(calendar))
}

/// The same as CSV, a line for each.
#[utoipa::path(get, path = "/certificates/export.csv", tag = "certificates", params(CertificateQuery), responses(
    (status = 200, body = String, content_type = "text/csv"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn export_csv(read: Read<CertificateQuery>) -> Result<Response, ApiError> {
    let rows = known(&read).await?.rows;
    let lines = std::iter::once(COLUMNS.join(",") + "\r\n").chain(rows.iter().map(told));
    Ok(download("text/csv; charset=utf-8", "certificates.csv", lines.collect()))
}

async fn known(read: &Read<CertificateQuery>) -> Result<Calendar, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(Calendar::default());
    };
    models::of_cluster(&read.state, &read.viewer, as_of, calendar).await
}

const COLUMNS: [&str; 15] = [
    "notAfter",
    "urgency",
    "place",
    "kind",
    "namespace",
    "name",
    "fields",
    "subject",
    "issuer",
    "names",
    "notBefore",
    "key",
    "renewal",
    "secret",
    "problem",
];

/// A certificate as a line.
fn told(row: &CertificateRow) -> String {
    let instant = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339()).unwrap_or_default();
    let certificate = row.certificate.as_ref();
    let key = certificate.map(|facts| match facts.key_bits {
        Some(bits) => format!("{} {bits}", facts.key_algorithm),
        None => facts.key_algorithm.clone(),
    });
    let cells = [
        instant(row.not_after),
        row.urgency
            .map(|urgency| urgency.as_str().to_owned())
            .unwrap_or_default(),
        row.place.as_str().to_owned(),
        row.object.kind.clone(),
        row.object.namespace.clone(),
        row.object.name.clone(),
        row.fields.join(" "),
        certificate.map(|facts| facts.subject.clone()).unwrap_or_default(),
        certificate.map(|facts| facts.issuer.clone()).unwrap_or_default(),
        row.names.join(" "),
        instant(row.not_before),
        key.unwrap_or_default(),
        instant(row.renewal),
        row.secret.clone(),
        row.problem.clone().unwrap_or_default(),
    ];
    line(cells.each_ref().map(String::as_str))
}
