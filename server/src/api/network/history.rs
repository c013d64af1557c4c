//! How far policies covered a cluster over time.

use axum::response::Response;
use shared::network::history::CoverageHistory;
use shared::page::{At, Stamped};
use shared::problem::Problem;

use crate::api::error::ApiError;
use crate::api::read::Read;
use crate::store::network;

/// How far policies covered the cluster in the 90 days before, as each snapshot found it.
#[utoipa::path(get, path = "/network/history", tag = "network", params(At), responses(
    (status = 200, body = Stamped<CoverageHistory>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn history(read: Read<At>) -> Result<Response, ApiError> {
    let history = match &read.as_of {
        Some(as_of) => network::history(read.db(), &read.viewer, as_of).await?,
        None => CoverageHistory::default(),
    };
    Ok(read.answer(history))
}
