//! What may connect to what: how far policies cover a cluster, who reaches whom, what is open to the outside, and what changed.

mod changes;
mod coverage;
mod exposure;
mod graph;
mod history;
pub(super) mod known;
mod model;
mod pairs;
mod proposal;
mod reach;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::AppState;

/// Routes of the network.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(coverage::coverage))
        .routes(routes!(history::history))
        .routes(routes!(reach::reach))
        .routes(routes!(reach::connections))
        .routes(routes!(exposure::exposure))
        .routes(routes!(exposure::export_csv))
        .routes(routes!(graph::graph))
        .routes(routes!(pairs::export_csv))
        .routes(routes!(pairs::export_json))
        .routes(routes!(changes::changes))
        .routes(routes!(changes::what_if))
        .routes(routes!(proposal::proposal))
        .routes(routes!(model::model))
}
