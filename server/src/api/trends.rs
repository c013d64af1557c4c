//! Scores and counts over time.

use axum::response::Response;
use shared::page::Stamped;
use shared::problem::Problem;
use shared::trends::{Trend, TrendQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::read::Read;
use super::state::AppState;
use crate::store::trends;

/// Routes of trends.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// The score and the open findings at each snapshot.
#[utoipa::path(get, path = "/trends", tag = "trends", params(TrendQuery), responses(
    (status = 200, body = Stamped<Trend>),
    (status = 400, body = Problem, description = "No such area, or days out of range"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn get(read: Read<TrendQuery>) -> Result<Response, ApiError> {
    let trend = match &read.as_of {
        Some(as_of) => trends::get(read.db(), &read.viewer, as_of, &read.query).await?,
        None => Trend { points: Vec::new() },
    };
    Ok(read.answer(trend))
}
