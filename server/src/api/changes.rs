//! Changes between two instants.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use shared::changes::{Change, ChangeQuery};
use shared::page::{At, Page, Stamped};
use shared::problem::Problem;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::stamp::Stamp;
use super::state::AppState;
use crate::auth::identity::Identity;
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
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    headers: HeaderMap,
    Query(query): Query<ChangeQuery>,
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
    let page = match &stamp.as_of {
        Some(as_of) => changes::list(&state.db, &identity.viewer, as_of, &query).await?,
        None => Page {
            items: Vec::new(),
            total: 0,
            next: None,
        },
    };
    Ok(stamp.answer(page))
}
