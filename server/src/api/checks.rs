//! The check catalogue, and what each check concluded.

use axum::response::Response;
use shared::checks::CheckRow;
use shared::page::{At, Page, Stamped};
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::read::Read;
use super::state::AppState;
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
async fn list(read: Read<At>) -> Result<Response, ApiError> {
    let items = checks::list(
        read.db(),
        &read.viewer,
        read.as_of.as_ref(),
        &read.state.checks.catalogue(),
    )
    .await?;
    let total = items.len() as u64;
    Ok(read.answer(Page {
        items,
        total,
        next: None,
    }))
}
