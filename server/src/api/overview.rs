//! The overview.

use axum::response::Response;
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use shared::ids::ClusterId;
use shared::overview::Overview;
use shared::page::{At, Stamped};
use shared::problem::Problem;
use utoipa::IntoParams;
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

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OverviewQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[param(value_type = Option<String>)]
    cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    at: Option<DateTime<Utc>>,
    /// With what to compare: the state `24h`, `7d` (the default) or `30d` before.
    window: Option<String>,
}

impl From<&OverviewQuery> for At {
    fn from(query: &OverviewQuery) -> Self {
        At {
            cluster: query.cluster,
            at: query.at,
        }
    }
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
        fixes::judged(&read.state, as_of),
    )?;
    overview.fixes = judged.fixes.clone();
    overview.fixes_total = judged.total;
    Ok(read.answer(overview))
}
