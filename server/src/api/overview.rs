//! The overview.

use axum::response::Response;
use chrono::Duration;
use shared::overview::{Overview, OverviewQuery};
use shared::page::Stamped;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::fixes;
use super::read::Read;
use super::state::AppState;
use crate::store::overview;

/// Routes of the overview.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// How deep the cluster sits, whether it is rising, and what to fix first. Before the first snapshot it is empty.
#[utoipa::path(get, path = "/overview", tag = "overview", params(OverviewQuery), responses(
    (status = 200, body = Stamped<Overview>),
    (status = 400, body = Problem, description = "No such window"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn get(read: Read<OverviewQuery>) -> Result<Response, ApiError> {
    let window = match read.query.window.as_deref().unwrap_or("7d") {
        "24h" => Duration::hours(24),
        "7d" => Duration::days(7),
        "30d" => Duration::days(30),
        other => return Err(ApiError::BadRequest(format!("window is 24h, 7d or 30d, not {other}."))),
    };
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Overview::default()));
    };
    let (mut overview, judged) = tokio::try_join!(
        async { Ok(overview::get(read.db(), &read.viewer, as_of, window).await?) },
        fixes::judged(&read.state, &read.viewer, as_of),
    )?;
    overview.fixes = judged.fixes.clone();
    overview.fixes_total = judged.total;
    Ok(read.answer(overview))
}
