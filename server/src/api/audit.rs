//! What administrators did to Plimsoll itself. Administrators only.

use axum::Json;
use axum::extract::{Query, State};
use shared::audit::{Act, AuditQuery};
use shared::page::Page;
use shared::problem::Problem;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::store::audit;

/// Routes of acts.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What administrators did to users and tokens, newest first.
#[utoipa::path(get, path = "/audit", tag = "settings", params(AuditQuery), responses(
    (status = 200, body = Page<Act>),
    (status = 400, body = Problem, description = "The cursor makes no sense"),
    (status = 403, body = Problem),
))]
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<Act>>, ApiError> {
    identity.require(Scope::Admin)?;
    Ok(Json(audit::list(&state.db, &query).await?))
}
