//! Signing in, signing out, and who is signed in.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use chrono::Duration;
use shared::problem::Problem;
use shared::session::{NewPassword, Session, SignIn};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::{COOKIE, Identity, Proof, require_same_origin};
use super::state::AppState;
use crate::auth::{password, secret};
use crate::store::{session, users};

/// How long a session lasts.
const LIFETIME: Duration = Duration::hours(12);

/// Routes that need no credential.
pub(super) fn open_router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in))
}

/// Routes of who is signed in.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get, sign_out))
        .routes(routes!(set_password))
}

/// Sign in with a password or a one-time link.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn, responses(
    (status = 200, body = Session, description = "Signed in; the cookie is set"),
    (status = 401, body = Problem, description = "Wrong name, password or link"),
    (status = 429, body = Problem, description = "Too many failed tries; see Retry-After"),
))]
async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(sign_in): Json<SignIn>,
) -> Result<Response, ApiError> {
    require_same_origin(&headers, state.public_url.as_deref())?;
    let user = match sign_in {
        SignIn::Password { user, password } => by_password(&state, user, password).await?,
        SignIn::Link { secret } => by_link(&state, &secret).await?,
    };
    let now = state.now();
    let secret = secret::generate().map_err(ApiError::internal)?;
    session::create(&state.db, &user, &secret::hash(&secret), now, now + LIFETIME).await?;
    let session = session::authenticate(&state.db, &secret::hash(&secret), now).await?;
    let session = session.ok_or(ApiError::Unauthenticated("The session has ended."))?;
    let identity = Identity::of_session(session, secret::hash(&secret));
    let cookie = cookie(&state, &secret, LIFETIME.num_seconds())?;
    Ok(([(header::SET_COOKIE, cookie)], Json(describe(&identity))).into_response())
}

async fn by_password(state: &AppState, user: String, password: String) -> Result<String, ApiError> {
    if verify(state, &user, &user, password).await? {
        Ok(user)
    } else {
        Err(ApiError::Unauthenticated("The name or the password is wrong."))
    }
}

/// Whether it is the user's password. Tries are counted under `tries`, before they are looked at: many at the same time are
/// not more than many one after another. Few are looked at at a time, since each takes 19 MB.
async fn verify(state: &AppState, tries: &str, user: &str, password: String) -> Result<bool, ApiError> {
    let _turn = state.sign_ins.acquire().await.map_err(ApiError::internal)?;
    let now = state.now();
    if let Some(wait) = users::sign_in_wait(&state.db, tries, now).await? {
        return Err(ApiError::TooMany { seconds: wait });
    }
    users::sign_in_failed(&state.db, tries, now).await?;
    let hash = users::password_hash(&state.db, user).await?;
    let check = move || password::verify(&password, hash.as_deref());
    let is_right = tokio::task::spawn_blocking(check).await.map_err(ApiError::internal)?;
    if is_right {
        users::signed_in(&state.db, tries, now).await?;
    }
    Ok(is_right)
}

async fn by_link(state: &AppState, secret: &str) -> Result<String, ApiError> {
    let user = users::use_link(&state.db, &secret::hash(secret), state.now()).await?;
    user.ok_or(ApiError::Unauthenticated(
        "The link was used before, has expired, or never was one.",
    ))
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", responses(
    (status = 200, body = Session),
    (status = 401, body = Problem),
))]
async fn get(identity: Identity) -> Json<Session> {
    Json(describe(&identity))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn sign_out(State(state): State<AppState>, identity: Identity) -> Result<Response, ApiError> {
    if let Proof::Session { hash, .. } = &identity.by {
        session::end(&state.db, hash).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&state, "", 0)?)]).into_response())
}

/// Set one's own password. Every other session of the user ends.
#[utoipa::path(put, path = "/session/password", tag = "session", request_body = NewPassword, responses(
    (status = 204),
    (status = 400, body = Problem, description = "Too short or too long"),
    (status = 401, body = Problem, description = "The current password is wrong"),
))]
async fn set_password(
    State(state): State<AppState>,
    Extension(identity): Extension<Identity>,
    Json(new): Json<NewPassword>,
) -> Result<StatusCode, ApiError> {
    let Proof::Session { hash, needs_password } = identity.by else {
        return Err(ApiError::Forbidden("A token has no password."));
    };
    if !needs_password {
        // Who is kept out by others' wrong tries to sign in can still change the password where they are signed in. Tries are
        // counted by what nobody else knows, so that nobody else can use them up.
        let tries: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        if !verify(&state, &tries, &identity.name, new.current).await? {
            return Err(ApiError::Unauthenticated("The current password is wrong."));
        }
    }
    let hashed = tokio::task::spawn_blocking(move || password::hash(&new.new))
        .await
        .map_err(ApiError::internal)?;
    let hashed = hashed.map_err(|error| ApiError::BadRequest(error.to_string()))?;
    users::set_password(&state.db, &identity.name, &hashed, &hash, state.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn describe(identity: &Identity) -> Session {
    Session {
        user: identity.name.clone(),
        needs_password: matches!(
            identity.by,
            Proof::Session {
                needs_password: true,
                ..
            }
        ),
        scopes: identity.scopes.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
    }
}

fn cookie(state: &AppState, secret: &str, seconds: i64) -> Result<HeaderValue, ApiError> {
    let secure = if state.has_https() { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(ApiError::internal)
}
