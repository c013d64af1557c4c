//! What may connect to what between the workloads of two namespaces.

use analysis::network::graph as asked;
use axum::response::Response;
use shared::network::graph::{Graph, GraphQuery};
use shared::page::Stamped;
use shared::problem::Problem;

use super::known::known;
use crate::api::error::ApiError;
use crate::api::read::Read;

/// What may pass from the workloads of a namespace to those of another, or between those of one.
#[utoipa::path(get, path = "/network/graph", tag = "network", params(GraphQuery), responses(
    (status = 200, body = Stamped<Graph>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn graph(read: Read<GraphQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Graph::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    let (from, to) = (read.query.from.clone(), read.query.to.clone());
    let ask = move || Graph {
        gaps: known.gaps.clone(),
        ..asked::graph(&known.evaluated.model, &known.evaluated.network, &from, &to)
    };
    let graph = tokio::task::spawn_blocking(ask).await.map_err(ApiError::internal)?;
    Ok(read.answer(graph))
}
