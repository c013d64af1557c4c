//! Clusters as they were known, rebuilt from the store, each with the index of its access.

use std::sync::Arc;

use analysis::cluster::Cluster;
use analysis::model::Snapshot;
use analysis::rbac::access::{Access, Origin};
use shared::page::AsOf;

use super::error::ApiError;
use super::kept::Basis;
use super::state::AppState;
use crate::store::viewer::Viewer;
use crate::store::{clusters, snapshots};

/// A cluster as it was known then.
#[derive(Debug)]
pub struct Model {
    /// The objects, and how reading them had ended.
    pub snapshot: Snapshot,
    /// Who could do what.
    pub access: Access,
}

/// The model of a snapshot.
///
/// # Errors
/// The database did not answer.
pub(super) async fn model(state: &AppState, viewer: &Viewer, as_of: &AsOf) -> Result<Arc<Model>, ApiError> {
    state
        .models
        .get(&Basis::new(viewer, as_of), read(state, viewer, as_of))
        .await
}

/// What a function makes of a cluster as it was known then.
///
/// # Errors
/// The database did not answer.
pub(super) async fn of_cluster<T: Send + 'static>(
    state: &AppState,
    viewer: &Viewer,
    as_of: &AsOf,
    question: impl FnOnce(&Cluster<'_>) -> T + Send + 'static,
) -> Result<T, ApiError> {
    let model = model(state, viewer, as_of).await?;
    let (taken_at, settings) = (as_of.taken_at, state.settings.settings());
    let answer = move || question(&Cluster::with(&model.snapshot, taken_at, &settings));
    tokio::task::spawn_blocking(answer).await.map_err(ApiError::internal)
}

async fn read(state: &AppState, viewer: &Viewer, as_of: &AsOf) -> Result<Model, ApiError> {
    let cluster = clusters::named_or_first(&state.db, viewer, Some(as_of.cluster)).await?;
    let origin = cluster.map_or(Origin::Live, |cluster| Origin::from(cluster.source));
    let snapshot = snapshots::load(&state.db, viewer, as_of).await?;
    let index = move || Model {
        access: Access::new(&snapshot, origin),
        snapshot,
    };
    tokio::task::spawn_blocking(index).await.map_err(ApiError::internal)
}
