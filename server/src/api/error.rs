//! The one error of HTTP: each becomes a problem (RFC 9457). Internals are logged, never sent.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shared::problem::{CONTENT_TYPE, Problem};

use crate::auth::AuthError;
use crate::explain::explain;
use crate::store::StoreError;

/// What can go wrong while answering.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request makes no sense; names the place.
    #[error("{0}")]
    BadRequest(String),
    /// No credential, or one that does not hold.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The credential does not reach that far; names what is missing.
    #[error("{0}")]
    Forbidden(&'static str),
    /// There is no such thing; says which.
    #[error("{0}")]
    NotFound(String),
    /// It can't be done now; says why.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries.
    #[error("try again in {seconds} seconds")]
    TooMany {
        /// When to try again.
        seconds: u64,
    },
    /// The database did not answer in time, or not at all.
    #[error("the database did not answer")]
    Unavailable(#[source] StoreError),
    /// Our own mistake.
    #[error("something went wrong inside the server")]
    Internal(#[source] anyhow::Error),
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Conflict(how) => Self::Conflict(how),
            StoreError::BadQuery(_) | StoreError::BadCursor => Self::BadRequest(error.to_string()),
            StoreError::Unavailable(_) => Self::Unavailable(error),
            StoreError::Database(_) | StoreError::Corrupt(_) => Self::internal(error),
        }
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Invalid(what) => Self::BadRequest(what.into()),
            AuthError::Random(_) => Self::internal(error),
            AuthError::Store(error) => error.into(),
        }
    }
}

impl ApiError {
    /// An error of ours, to be logged and not told.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::Internal(error.into())
    }

    fn kind(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad-request", "The request makes no sense"),
            Self::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden", "Not allowed"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not-found", "There is no such thing"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "conflict", "Not possible now"),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many-tries", "Too many tries"),
            Self::Unavailable(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "store-unavailable",
                "The database did not answer",
            ),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong"),
        }
    }

    fn log(&self) {
        match self {
            Self::Unavailable(source) => tracing::error!(error = %explain(source), "the database did not answer"),
            Self::Internal(source) => tracing::error!(error = %format!("{source:#}"), "internal error"),
            _ => {}
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let (status, kind, title) = self.kind();
        let problem = Problem {
            kind: format!("/problems/{kind}"),
            title: title.into(),
            status: status.as_u16(),
            detail: Some(self.to_string()),
            instance: None,
        };
        let mut response = problem_response(&problem);
        if let Self::TooMany { seconds } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The middleware below adds the request's id, which is not known here.
        response.extensions_mut().insert(problem);
        response
    }
}

fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response()
}

/// Makes a problem of every error response, those of the router and of extractors included, and adds the request's id.
pub async fn complete_problems(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let mut problem = match parts.extensions.remove::<Problem>() {
        Some(problem) => problem,
        None => plain_problem(status, &axum::body::to_bytes(body, 4096).await.unwrap_or_default()),
    };
    problem.instance = id;
    let mut response = problem_response(&problem);
    for (name, value) in &parts.headers {
        if !matches!(
            *name,
            header::CONTENT_TYPE | header::CONTENT_LENGTH | header::CONTENT_ENCODING
        ) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// The problem of an error that axum or tower-http made: their words are written for whoever sent the request.
fn plain_problem(status: StatusCode, body: &[u8]) -> Problem {
    let detail = std::str::from_utf8(body)
        .ok()
        .filter(|text| !text.is_empty() && !status.is_server_error());
    Problem {
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or("Error").into(),
        status: status.as_u16(),
        detail: detail.map(str::to_owned),
        instance: None,
    }
}
