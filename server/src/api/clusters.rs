//! Clusters that are watched.

use axum::Json;
use axum::extract::State;
use shared::clusters::Cluster;
use shared::problem::Problem;
use shared::tokens::Scope;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::identity::Identity;
use super::state::AppState;
use crate::store::clusters;

/// Routes of clusters.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list))
}

/// All clusters, by name.
#[utoipa::path(get, path = "/clusters", tag = "clusters", responses(
    (status = 200, body = Vec<Cluster>),
    (status = 401, body = Problem),
))]
async fn list(State(state): State<AppState>, identity: Identity) -> Result<Json<Vec<Cluster>>, ApiError> {
    identity.require(Scope::Read)?;
    Ok(Json(clusters::list(&state.db, &identity.viewer).await?))
}
