//! What reaches a workload and what it reaches, and what may pass between two ends.

use analysis::network::reach as asked;
use axum::response::Response;
use shared::network::reach::{Between, ConnectionsQuery, Named, Reach, ReachQuery};
use shared::page::Stamped;
use shared::problem::Problem;

use super::known::known;
use crate::api::error::ApiError;
use crate::api::read::Read;

/// What can reach a workload, a pod or an address and what it can reach, with the policies that say so.
#[utoipa::path(get, path = "/network/reach", tag = "network", params(ReachQuery), responses(
    (status = 200, body = Stamped<Reach>),
    (status = 400, body = Problem, description = "The name is none; says how one is written"),
    (status = 404, body = Problem, description = "No such cluster, or nothing of that name"),
))]
pub(super) async fn reach(read: Read<ReachQuery>) -> Result<Response, ApiError> {
    let of = named("of", &read.query.of)?;
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Reach::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    let ask = move || {
        let reach = asked::reach(&known.evaluated.model, &known.evaluated.network, &of)?;
        let gaps = known.gaps.clone();
        Some(Reach { gaps, ..reach })
    };
    let found = tokio::task::spawn_blocking(ask).await.map_err(ApiError::internal)?;
    match found {
        Some(reach) => Ok(read.answer(reach)),
        None => Err(nobody(&read.query.of)),
    }
}

/// What may pass from a workload, a pod or an address to another, and what the policies of both sides say of it.
#[utoipa::path(get, path = "/network/connections", tag = "network", params(ConnectionsQuery), responses(
    (status = 200, body = Stamped<Between>),
    (status = 400, body = Problem, description = "A name is none; says how one is written"),
    (status = 404, body = Problem, description = "No such cluster, or nothing of one of the names"),
))]
pub(super) async fn connections(read: Read<ConnectionsQuery>) -> Result<Response, ApiError> {
    let (from, to) = (named("from", &read.query.from)?, named("to", &read.query.to)?);
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Between::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    let ask = move || {
        let between = asked::between(&known.evaluated.model, &known.evaluated.network, &from, &to)?;
        let gaps = known.gaps.clone();
        Some(Between { gaps, ..between })
    };
    let found = tokio::task::spawn_blocking(ask).await.map_err(ApiError::internal)?;
    match found {
        Some(between) => Ok(read.answer(between)),
        None => Err(nobody(&format!("{} or {}", read.query.from, read.query.to))),
    }
}

fn named(field: &str, text: &str) -> Result<Named, ApiError> {
    text.parse()
        .map_err(|error| ApiError::BadRequest(format!("The field {field}: {error}.")))
}

fn nobody(name: &str) -> ApiError {
    ApiError::NotFound(format!("There was no workload or pod {name} then."))
}
