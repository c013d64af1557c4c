//! API tokens. Administrators only.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use shared::problem::Problem;
use shared::tokens::{CreatedToken, NewToken, Scope, Token};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::auth::token;
use crate::store::tokens;

/// Routes of tokens.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
}

/// All tokens, without their secrets.
#[utoipa::path(get, path = "/tokens", tag = "settings", responses(
    (status = 200, body = Vec<Token>),
    (status = 403, body = Problem),
))]
async fn list(State(state): State<AppState>, identity: Identity) -> Result<Json<Vec<Token>>, ApiError> {
    identity.require(Scope::Admin)?;
    Ok(Json(tokens::list(&state.db).await?))
}

/// Make a token; its secret is in the answer, and nowhere else ever after. It ends when its maker does.
#[utoipa::path(post, path = "/tokens", tag = "settings", request_body = NewToken, responses(
    (status = 201, body = CreatedToken),
    (status = 400, body = Problem, description = "Name, scopes or days make no sense"),
    (status = 403, body = Problem),
))]
async fn create(
    State(state): State<AppState>,
    identity: Identity,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), ApiError> {
    identity.require(Scope::Admin)?;
    let created = token::create(&state.db, (&identity.name, identity.maker()), &new, state.now()).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// Revoke a token, and the tokens that were made with it.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "settings", params(("id" = i64, Path)), responses(
    (status = 204),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
))]
async fn revoke(
    State(state): State<AppState>,
    identity: Identity,
    Path(id): Path<i64>,
) -> Result<StatusCode, ApiError> {
    identity.require(Scope::Admin)?;
    tokens::revoke(&state.db, &identity.name, id, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
