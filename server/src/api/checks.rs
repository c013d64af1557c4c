//! The check catalogue, and what each check concluded.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use shared::checks::CheckRow;
use shared::page::{At, Page, Stamped};
use shared::problem::Problem;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::stamp::Stamp;
use super::state::AppState;
use crate::auth::identity::Identity;
use crate::store::checks;

/// Routes of checks.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// All checks with their results, on one page.
#[utoipa::path(get, path = "/checks", tag = "checks", params(At), responses(
    (status = 200, body = Stamped<Page<CheckRow>>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    headers: HeaderMap,
    Query(at): Query<At>,
) -> Result<Response, ApiError> {
    identity.require(Scope::Read)?;
    let stamp = Stamp::of(&state, &identity, &headers, &at).await?;
    if let Some(response) = stamp.not_modified() {
        return Ok(response);
    }
    let items = checks::list(&state.db, &identity.viewer, stamp.as_of.as_ref()).await?;
    let total = items.len() as u64;
    Ok(stamp.answer(Page {
        items,
        total,
        next: None,
    }))
}
