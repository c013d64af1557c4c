//! Every two ends between which something may pass, as a file.

use axum::response::Response;
use shared::network::Pairs;
use shared::network::pairs::PairsQuery;
use shared::problem::Problem;

use super::known::known;
use crate::api::download::written;
use crate::api::error::ApiError;
use crate::api::read::Read;
use crate::pairs;

/// All pairs of workloads, and of workloads and outside addresses, between which something may pass, as CSV.
#[utoipa::path(get, path = "/network/pairs/export.csv", tag = "network", params(PairsQuery), responses(
    (status = 200, body = String, content_type = "text/csv"),
    (status = 404, body = Problem, description = "No such cluster, or it was not read yet"),
))]
pub(super) async fn export_csv(read: Read<PairsQuery>) -> Result<Response, ApiError> {
    let known = known(&read.state, &read.viewer, read.as_of.as_ref().ok_or_else(unread)?).await?;
    let query = read.query;
    Ok(written("text/csv; charset=utf-8", "connections.csv", move |out| {
        let of = (&known.evaluated.model, &known.evaluated.network);
        pairs::csv(of, |pair| query.wants(pair), out)
    }))
}

/// The same as a JSON array.
#[utoipa::path(get, path = "/network/pairs/export.json", tag = "network", params(PairsQuery), responses(
    (status = 200, body = Pairs),
    (status = 404, body = Problem, description = "No such cluster, or it was not read yet"),
))]
pub(super) async fn export_json(read: Read<PairsQuery>) -> Result<Response, ApiError> {
    let known = known(&read.state, &read.viewer, read.as_of.as_ref().ok_or_else(unread)?).await?;
    let query = read.query;
    Ok(written("application/json", "connections.json", move |out| {
        let of = (&known.evaluated.model, &known.evaluated.network);
        pairs::json(of, |pair| query.wants(pair), out)
    }))
}

fn unread() -> ApiError {
    ApiError::NotFound("The cluster was not read yet.".into())
}
