//! The identity behind a request: a signed-in person by cookie, or a program by token.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use shared::tokens::Scope;

use super::error::ApiError;
use super::state::AppState;
use crate::auth::secret;
use crate::store::session::{self, SessionUser};
use crate::store::tokens::{self, Maker};
use crate::store::viewer::Viewer;

/// The cookie of a session.
pub(super) const COOKIE: &str = "plimsoll_session";

/// Who is asking, and what they may do.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    /// The user's name, or `token NAME`.
    pub(super) name: String,
    /// What they may do.
    pub(super) scopes: Vec<Scope>,
    /// What they may see.
    pub(super) viewer: Viewer,
    /// How they proved it.
    pub(super) by: Proof,
}

/// How an identity was proved.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// By the cookie of a session, whose hash this is.
    Session {
        /// Hash of the secret.
        hash: Vec<u8>,
        /// Whether the user has yet to set a password.
        needs_password: bool,
    },
    /// By a token.
    Token {
        /// Its id.
        id: i64,
    },
}

impl Identity {
    /// The person behind a session, whose secret has this hash.
    pub(super) fn of_session(session: SessionUser, hash: Vec<u8>) -> Self {
        let scopes = if session.admin {
            vec![Scope::Read, Scope::Ingest, Scope::Admin]
        } else {
            vec![Scope::Read]
        };
        let by = Proof::Session {
            hash,
            needs_password: session.needs_password,
        };
        Self {
            name: session.user,
            scopes,
            viewer: Viewer::All,
            by,
        }
    }

    /// The same as whoever makes tokens.
    pub(super) fn maker(&self) -> Maker<'_> {
        match self.by {
            Proof::Session { .. } => Maker::User(&self.name),
            Proof::Token { id } => Maker::Token(id),
        }
    }

    /// # Errors
    /// The identity lacks `scope`; `admin` holds every other.
    pub(super) fn require(&self, scope: Scope) -> Result<(), ApiError> {
        if self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin) {
            return Ok(());
        }
        Err(ApiError::Forbidden(match scope {
            Scope::Read => "This needs a token with the scope read.",
            Scope::Ingest => "This needs a token with the scope ingest.",
            Scope::Admin => "This needs an administrator.",
        }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(ApiError::Unauthenticated("Sign in, or send a token."))
    }
}

/// Lets only requests with a credential through, and changes by cookie only from our own pages.
///
/// # Errors
/// No credential, one that does not hold, or a change asked for by another site's page.
pub(super) async fn require_identity(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let identity = identify(&state, request.headers()).await?;
    if matches!(identity.by, Proof::Session { .. }) && !matches!(*request.method(), Method::GET | Method::HEAD) {
        require_same_origin(request.headers(), state.public_url.as_deref())?;
    }
    request.extensions_mut().insert(identity);
    Ok(next.run(request).await)
}

async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Identity, ApiError> {
    if let Some(token) = bearer(headers) {
        let token = tokens::authenticate(&state.db, &secret::hash(token), state.now()).await?;
        let token = token.ok_or(ApiError::Unauthenticated("The token is unknown, revoked or expired."))?;
        let name = format!("token {}", token.name);
        return Ok(Identity {
            name,
            scopes: token.scopes,
            viewer: Viewer::All,
            by: Proof::Token { id: token.id },
        });
    }
    let cookie = cookie(headers).ok_or(ApiError::Unauthenticated("Sign in, or send a token."))?;
    let hash = secret::hash(cookie);
    let session = session::authenticate(&state.db, &hash, state.now()).await?;
    let session = session.ok_or(ApiError::Unauthenticated("The session has ended."))?;
    Ok(Identity::of_session(session, hash))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// # Errors
/// A browser says that another origin's page sent the request: another than the host that was asked, and than `public`,
/// which stands for the host behind a proxy that does not pass it on. Programs that say nothing carry no cookie of a victim.
pub(super) fn require_same_origin(headers: &HeaderMap, public: Option<&str>) -> Result<(), ApiError> {
    const OTHER: ApiError = ApiError::Forbidden("Changes are taken from Plimsoll's own pages only.");
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(OTHER);
    }
    let Some(origin) = text("origin") else { return Ok(()) };
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let is_ours = text("host") == Some(host) || public.is_some_and(|public| public == origin);
    if is_ours { Ok(()) } else { Err(OTHER) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn another_sites_page_is_refused() {
        assert!(require_same_origin(&headers(&[("sec-fetch-site", "cross-site")]), None).is_err());
        assert!(
            require_same_origin(
                &headers(&[("origin", "https://evil.example"), ("host", "plimsoll")]),
                None
            )
            .is_err()
        );
        assert!(require_same_origin(&headers(&[("origin", "null"), ("host", "plimsoll")]), None).is_err());
        assert!(
            require_same_origin(
                &headers(&[("origin", "http://plimsoll:80"), ("host", "plimsoll:80")]),
                None
            )
            .is_ok()
        );
    }

    #[test]
    fn the_public_address_is_our_own_behind_a_proxy_that_hides_it() {
        let proxied = headers(&[("origin", "https://plimsoll.example"), ("host", "127.0.0.1:8420")]);
        assert!(require_same_origin(&proxied, Some("https://plimsoll.example")).is_ok());
        assert!(require_same_origin(&proxied, Some("https://other.example")).is_err());
    }

    #[test]
    fn the_session_cookie_is_found_among_others() {
        assert_eq!(
            cookie(&headers(&[("cookie", "a=1; plimsoll_session=s; b=2")])),
            Some("s")
        );
        assert_eq!(cookie(&headers(&[("cookie", "plimsoll_session_x=s")])), None);
    }
}
