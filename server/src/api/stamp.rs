//! What an answer rests on, and the entity tag that follows from it.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::page::{AsOf, At, Stamped};

use super::error::ApiError;
use super::state::AppState;
use crate::auth::identity::Identity;
use crate::store::{clusters, snapshots};

/// The snapshot that a read resolves to, and whether the client has the answer already.
#[derive(Debug)]
pub struct Stamp {
    /// The snapshot; none before the first.
    pub as_of: Option<AsOf>,
    tag: String,
    is_fresh: bool,
}

impl Stamp {
    /// Resolves `at` and compares the client's `If-None-Match`.
    ///
    /// # Errors
    /// There is no such cluster, or the database did not answer.
    pub async fn of(state: &AppState, identity: &Identity, headers: &HeaderMap, at: &At) -> Result<Self, ApiError> {
        let cluster = match at.cluster {
            Some(id) => Some(clusters::get(&state.db, &identity.viewer, id).await?.id),
            None => clusters::first(&state.db, &identity.viewer)
                .await?
                .map(|cluster| cluster.id),
        };
        let as_of = match cluster {
            Some(id) => snapshots::at(&state.db, &identity.viewer, id, at.at.unwrap_or_else(|| state.now())).await?,
            None => None,
        };
        let tag = match &as_of {
            // The release is part of it: the same snapshot may be told in other words by another release.
            Some(as_of) => format!(
                "W/\"{}-{}-{}\"",
                as_of.cluster,
                as_of.snapshot,
                env!("CARGO_PKG_VERSION")
            ),
            None => "W/\"none\"".into(),
        };
        let known = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|known| known.to_str().ok())
            .unwrap_or_default();
        let is_fresh = as_of.is_some() && known.split(',').any(|known| known.trim() == tag);
        Ok(Self { as_of, tag, is_fresh })
    }

    /// `304 Not Modified`, where the client has the answer.
    pub fn not_modified(&self) -> Option<Response> {
        self.is_fresh
            .then(|| (StatusCode::NOT_MODIFIED, self.headers()).into_response())
    }

    /// The answer.
    pub fn answer<T: Serialize>(self, body: T) -> Response {
        (
            self.headers(),
            Json(Stamped {
                as_of: self.as_of,
                body,
            }),
        )
            .into_response()
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers
    }
}
