//! Changes between two instants.

use axum::response::Response;
use shared::changes::{Change, ChangeQuery};
use shared::page::{Page, Stamped};
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::read::Read;
use super::state::AppState;
use crate::store::changes;

/// Routes of changes.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What changed: objects and findings, newest first.
#[utoipa::path(get, path = "/changes", tag = "changes", params(ChangeQuery), responses(
    (status = 200, body = Stamped<Page<Change>>),
    (status = 400, body = Problem, description = "A filter or the cursor makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(read: Read<ChangeQuery>) -> Result<Response, ApiError> {
    let page = match &read.as_of {
        Some(as_of) => changes::list(read.db(), &read.viewer, as_of, &read.query).await?,
        None => Page::default(),
    };
    Ok(read.answer(page))
}
