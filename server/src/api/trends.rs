//! Scores and counts over time.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use shared::page::{At, Stamped};
use shared::problem::Problem;
use shared::tokens::Scope;
use shared::trends::{Trend, TrendQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::stamp::Stamp;
use super::state::AppState;
use crate::auth::identity::Identity;
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
async fn get(
    State(state): State<AppState>,
    identity: Identity,
    headers: HeaderMap,
    Query(query): Query<TrendQuery>,
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
    let trend = match &stamp.as_of {
        Some(as_of) => trends::get(&state.db, &identity.viewer, as_of, &query).await?,
        None => Trend { points: Vec::new() },
    };
    Ok(stamp.answer(trend))
}
