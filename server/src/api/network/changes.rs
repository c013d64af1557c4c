//! What changed of what may connect to what, and what policies would change before they are applied.

use analysis::network::change::State;
use analysis::network::change::changes::{between, gaps, proposed};
use axum::Json;
use axum::response::Response;
use shared::network::change::Proposal;
use shared::network::changes::{Changes, ChangesQuery};
use shared::page::{At, Stamped};
use shared::problem::Problem;

use super::known::{KnownNetwork, known};
use crate::api::error::ApiError;
use crate::api::read::Read;
use crate::api::since;

/// How many pairs are listed.
const MOST: usize = 2_000;

/// What may pass that could not at an earlier instant, and the other way round.
#[utoipa::path(get, path = "/network/changes", tag = "network", params(ChangesQuery), responses(
    (status = 200, body = Stamped<Changes>),
    (status = 400, body = Problem, description = "An instant makes no sense"),
    (status = 404, body = Problem, description = "No such cluster, or no snapshot as old as that"),
))]
pub(super) async fn changes(read: Read<ChangesQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Changes::default()));
    };
    let earlier = since::earlier(&read, as_of, read.query.at, read.query.since).await?;
    let before = known(&read.state, &read.viewer, &earlier).await?;
    let after = known(&read.state, &read.viewer, as_of).await?;
    let compare = move || Changes {
        since: Some(earlier),
        gaps: gaps(&before.gaps, &after.gaps),
        ..between(state(&before), state(&after), MOST)
    };
    let changes = tokio::task::spawn_blocking(compare).await.map_err(ApiError::internal)?;
    Ok(read.answer(changes))
}

/// What policies would change. Nothing is applied, and nothing is kept.
#[utoipa::path(post, path = "/network/what-if", tag = "network", params(At), request_body = Proposal, responses(
    (status = 200, body = Stamped<Changes>, description = "What changes, or what is wrong with the proposal"),
    (status = 404, body = Problem, description = "No such cluster"),
    (status = 422, body = Problem, description = "The body is no proposal"),
))]
pub(super) async fn what_if(read: Read<At>, Json(proposal): Json<Proposal>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Changes::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    let evaluate = move || Changes {
        gaps: known.gaps.clone(),
        ..proposed(state(&known), &proposal, MOST)
    };
    let changes = tokio::task::spawn_blocking(evaluate).await;
    Ok(read.answer(changes.map_err(ApiError::internal)?))
}

fn state(known: &KnownNetwork) -> State<'_> {
    State {
        model: &known.evaluated.model,
        network: &known.evaluated.network,
    }
}
