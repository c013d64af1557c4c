//! A read of a cluster as of an instant: what each such handler begins with, and how it answers.

use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use shared::clusters::Cluster;
use shared::page::{AsOf, At, Stamped};
use shared::tokens::Scope;
use sqlx::PgPool;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::store::viewer::Viewer;
use crate::store::{clusters, snapshots};

/// A request to read: who asks may read, the cluster is there, and the client has not got the answer yet.
/// Extracting it answers everyone else.
#[derive(Debug)]
pub(super) struct Read<Q> {
    /// What is asked for.
    pub(super) query: Q,
    /// What every handler can reach.
    pub(super) state: AppState,
    /// Who asks.
    pub(super) viewer: Viewer,
    /// The snapshot that the answer rests on; none before the first.
    pub(super) as_of: Option<AsOf>,
}

impl<Q> Read<Q> {
    /// The database.
    pub(super) fn db(&self) -> &PgPool {
        &self.state.db
    }

    /// The answer, beside what it rests on.
    pub(super) fn answer(self, body: impl Serialize) -> Response {
        let headers = headers(self.as_of.as_ref(), &edition(&self.state, &self.viewer));
        let as_of = self.as_of;
        (headers, Json(Stamped { as_of, body })).into_response()
    }
}

/// The answer that one snapshot gives, whichever instant is asked about; nothing where the client has got it already.
pub(super) fn answer_of(snapshot: &AsOf, request: &HeaderMap, body: impl Serialize) -> Response {
    not_modified(request, Some(snapshot), "")
        .unwrap_or_else(|| (headers(Some(snapshot), ""), Json(body)).into_response())
}

impl<Q> FromRequestParts<AppState> for Read<Q>
where
    Q: DeserializeOwned + Send,
    At: for<'a> From<&'a Q>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let read = read(parts, state).await.map_err(ApiError::into_response)?;
        match not_modified(&parts.headers, read.as_of.as_ref(), &edition(state, &read.viewer)) {
            Some(answer) => Err(answer),
            None => Ok(read),
        }
    }
}

async fn read<Q>(parts: &mut Parts, state: &AppState) -> Result<Read<Q>, ApiError>
where
    Q: DeserializeOwned + Send,
    At: for<'a> From<&'a Q>,
{
    let identity = Identity::from_request_parts(parts, state).await?;
    identity.require(Scope::Read)?;
    let query = Query::<Q>::try_from_uri(&parts.uri).map_err(|error| ApiError::BadRequest(error.body_text()))?;
    let as_of = as_of(state, &identity.viewer, &At::from(&query.0)).await?;
    Ok(Read {
        query: query.0,
        state: state.clone(),
        viewer: identity.viewer,
        as_of,
    })
}

/// The snapshot that an answer as of an instant rests on; none before the first.
pub(super) async fn as_of(state: &AppState, viewer: &Viewer, at: &At) -> Result<Option<AsOf>, ApiError> {
    let cluster = clusters::named_or_first(&state.db, viewer, at.cluster).await?;
    let Some(Cluster { id, .. }) = cluster else {
        return Ok(None);
    };
    let instant = at.at.unwrap_or_else(|| state.now());
    Ok(snapshots::at(&state.db, viewer, id, instant).await?)
}

/// On what an answer rests beside the snapshot: the edition of the server's own frameworks, checks and settings, and the namespaces that the viewer may
/// see, where that is not all.
fn edition(state: &AppState, viewer: &Viewer) -> String {
    let edition = state.edition();
    match viewer {
        Viewer::All => edition,
        Viewer::Namespaces(names) => {
            let digest = Sha256::digest(names.join(","));
            let digest: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{edition}-{digest}")
        }
    }
}

/// The entity tag of an answer. The release is part of it, and the edition: the same snapshot may be told in other words by another
/// release, stand otherwise against another edition, and show less to another viewer.
fn tag(as_of: &AsOf, edition: &str) -> String {
    let AsOf { cluster, snapshot, .. } = as_of;
    format!("W/\"{cluster}-{snapshot}-{}{edition}\"", env!("CARGO_PKG_VERSION"))
}

/// What a client is told that has got the answer already; none where it has not.
fn not_modified(request: &HeaderMap, as_of: Option<&AsOf>, edition: &str) -> Option<Response> {
    let known = request.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let tag = tag(as_of?, edition);
    let is_known = known.split(',').any(|known| known.trim() == tag);
    is_known.then(|| (StatusCode::NOT_MODIFIED, headers(as_of, edition)).into_response())
}

fn headers(as_of: Option<&AsOf>, edition: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(Ok(tag)) = as_of.map(|as_of| HeaderValue::from_str(&tag(as_of, edition))) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers
}
