//! Snapshots: the list, one of them, taking one, and watching it being taken.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use shared::ids::SnapshotId;
use shared::page::{AsOf, Page};
use shared::problem::Problem;
use shared::snapshots::{Progress, SnapshotDetail, SnapshotQuery, SnapshotRow, Which};
use shared::tokens::Scope;
use tokio_stream::wrappers::WatchStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::read;
use super::state::AppState;
use crate::stop::Stop;
use crate::store::{clusters, snapshots};

/// Routes of snapshots.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, take))
        .routes(routes!(progress))
        .routes(routes!(get))
}

/// Snapshots, newest first, failed ones included.
#[utoipa::path(get, path = "/snapshots", tag = "snapshots", params(SnapshotQuery), responses(
    (status = 200, body = Page<SnapshotRow>),
    (status = 400, body = Problem, description = "The cursor makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn list(
    State(state): State<AppState>,
    identity: Identity,
    Query(query): Query<SnapshotQuery>,
) -> Result<Json<Page<SnapshotRow>>, ApiError> {
    identity.require(Scope::Read)?;
    let Some(cluster) = clusters::named_or_first(&state.db, &identity.viewer, query.cluster).await? else {
        return Ok(Json(Page::default()));
    };
    Ok(Json(
        snapshots::list(&state.db, &identity.viewer, cluster.id, &query).await?,
    ))
}

/// One snapshot: each kind, and how reading it ended.
#[utoipa::path(get, path = "/snapshots/{id}", tag = "snapshots", params(("id" = i64, Path), Which), responses(
    (status = 200, body = SnapshotDetail),
    (status = 404, body = Problem, description = "No such cluster or snapshot"),
))]
async fn get(
    State(state): State<AppState>,
    identity: Identity,
    Path(id): Path<SnapshotId>,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    identity.require(Scope::Read)?;
    let none = || ApiError::NotFound(format!("There is no snapshot {id}."));
    let cluster = clusters::named_or_first(&state.db, &identity.viewer, which.cluster).await?;
    let cluster = cluster.ok_or_else(none)?.id;
    let found = snapshots::get(&state.db, &identity.viewer, cluster, id).await?;
    let found = found.ok_or_else(none)?;
    let itself = AsOf {
        cluster,
        snapshot: id,
        taken_at: found.row.taken_at,
    };
    Ok(read::answer_of(&itself, &headers, found))
}

/// Take a snapshot now. Watch it at /snapshots/progress.
#[utoipa::path(post, path = "/snapshots", tag = "snapshots", params(Which), responses(
    (status = 202, description = "It is being taken"),
    (status = 403, body = Problem),
    (status = 404, body = Problem, description = "This server does not watch that cluster"),
))]
async fn take(
    State(state): State<AppState>,
    identity: Identity,
    Query(which): Query<Which>,
) -> Result<StatusCode, ApiError> {
    identity.require(Scope::Ingest)?;
    watched(&state, &identity, &which).await?.demand();
    Ok(StatusCode::ACCEPTED)
}

/// The watch of the cluster of which reads tell where none is named.
async fn watched<'a>(
    state: &'a AppState,
    identity: &Identity,
    which: &Which,
) -> Result<&'a crate::watch::Watch, ApiError> {
    let cluster = clusters::named_or_first(&state.db, &identity.viewer, which.cluster).await?;
    let none = || ApiError::NotFound("This server does not watch that cluster.".into());
    let watch = state.watch(cluster.map(|cluster| cluster.id));
    watch.map(AsRef::as_ref).ok_or_else(none)
}

/// How long a stream lasts: a browser asks again when it ends, and has to prove again who it is.
const STREAM: Duration = Duration::from_secs(300);

async fn ended(stop: Stop) {
    // An error is the time that has passed.
    _ = tokio::time::timeout(STREAM, stop.wait()).await;
}

/// What is being done, as server-sent events: the state now, then every change.
#[utoipa::path(get, path = "/snapshots/progress", tag = "snapshots", params(Which), responses(
    (status = 200, body = Progress, content_type = "text/event-stream"),
    (status = 404, body = Problem, description = "This server does not watch that cluster"),
))]
async fn progress(
    State(state): State<AppState>,
    identity: Identity,
    Query(which): Query<Which>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, ApiError> {
    identity.require(Scope::Read)?;
    let events =
        WatchStream::new(watched(&state, &identity, &which).await?.progress()).take_until(ended(state.stop.clone()));
    let events = events.map(|progress| Ok(Event::default().json_data(progress).unwrap_or_default()));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
