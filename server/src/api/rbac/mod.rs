//! Access: who may do what, how it changed, its graph, and how anyone could become administrator.

mod changes;
mod escalations;
mod graph;
mod lists;
mod questions;
mod rows;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::AppState;

/// Routes of access.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(questions::can_i, questions::batch))
        .routes(routes!(questions::who_can))
        .routes(routes!(questions::what_can))
        .routes(routes!(lists::subjects))
        .routes(routes!(lists::subject))
        .routes(routes!(lists::bindings))
        .routes(routes!(lists::roles))
        .routes(routes!(lists::role))
        .routes(routes!(graph::graph))
        .routes(routes!(escalations::escalations))
        .routes(routes!(changes::changes))
}
