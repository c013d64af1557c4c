//! People who may sign in. Administrators only.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use shared::problem::Problem;
use shared::tokens::Scope;
use shared::users::{CreatedUser, NewUser, User};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::auth::link;
use crate::store::users;

/// Routes of users.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(remove))
}

/// All users, by name.
#[utoipa::path(get, path = "/users", tag = "settings", responses(
    (status = 200, body = Vec<User>),
    (status = 403, body = Problem),
))]
async fn list(State(state): State<AppState>, identity: Identity) -> Result<Json<Vec<User>>, ApiError> {
    identity.require(Scope::Admin)?;
    Ok(Json(users::list(&state.db).await?))
}

/// Add a user, or make a new sign-in link for one.
#[utoipa::path(post, path = "/users", tag = "settings", request_body = NewUser, responses(
    (status = 201, body = CreatedUser),
    (status = 400, body = Problem, description = "The name makes no sense"),
    (status = 403, body = Problem),
))]
async fn create(
    State(state): State<AppState>,
    identity: Identity,
    Json(new): Json<NewUser>,
) -> Result<(StatusCode, Json<CreatedUser>), ApiError> {
    identity.require(Scope::Admin)?;
    let path = link::add_user(&state.db, &identity.name, &new.name, new.admin, state.now()).await?;
    let user = users::get(&state.db, &new.name).await?;
    Ok((
        StatusCode::CREATED,
        Json(CreatedUser {
            user,
            sign_in_path: path,
        }),
    ))
}

/// Remove a user, end their sessions, and revoke the tokens that they made.
#[utoipa::path(delete, path = "/users/{name}", tag = "settings", params(("name" = String, Path)), responses(
    (status = 204),
    (status = 403, body = Problem),
    (status = 404, body = Problem),
    (status = 409, body = Problem, description = "Nobody would be left to administer"),
))]
async fn remove(
    State(state): State<AppState>,
    identity: Identity,
    Path(name): Path<String>,
) -> Result<StatusCode, ApiError> {
    identity.require(Scope::Admin)?;
    users::remove(&state.db, &identity.name, &name, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
