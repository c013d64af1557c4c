//! What changed of what may connect to what, and what policies would change before they are applied.

use std::convert::Infallible;
use std::sync::Arc;

use analysis::network::change::{self, State, proposal};
use analysis::network::engine::Network;
use axum::Json;
use axum::response::Response;
use shared::network::change::{ChangeSummary, ChangedPair, Proposal};
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
    let compare = move || {
        let (summary, pairs) = compared(state(&before), state(&after));
        Changes {
            since: Some(earlier),
            summary,
            pairs,
            mistakes: Vec::new(),
            gaps: gaps(&before, &after),
        }
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
    let changes = tokio::task::spawn_blocking(move || proposed(&known, &proposal)).await;
    Ok(read.answer(changes.map_err(ApiError::internal)?))
}

fn proposed(known: &KnownNetwork, proposal: &Proposal) -> Changes {
    let gaps = known.gaps.clone();
    let policies = match proposal::apply(&known.evaluated.network.policies, proposal) {
        Ok(policies) => policies,
        Err(mistakes) => {
            return Changes {
                mistakes,
                gaps,
                ..Changes::default()
            };
        }
    };
    let model = &known.evaluated.model;
    let network = Network::new(model, policies);
    let after = State {
        model,
        network: &network,
    };
    let (summary, pairs) = compared(state(known), after);
    Changes {
        summary,
        pairs,
        gaps,
        ..Changes::default()
    }
}

fn state(known: &KnownNetwork) -> State<'_> {
    State {
        model: &known.evaluated.model,
        network: &known.evaluated.network,
    }
}

fn compared(before: State<'_>, after: State<'_>) -> (ChangeSummary, Vec<ChangedPair>) {
    let mut pairs = Vec::new();
    let keep = |pair| {
        if pairs.len() < MOST {
            pairs.push(pair);
        }
        Ok::<(), Infallible>(())
    };
    let Ok(summary) = change::pairs(before, after, keep);
    (summary, pairs)
}

/// What is missing on either side, each once.
fn gaps(before: &Arc<KnownNetwork>, after: &Arc<KnownNetwork>) -> Vec<String> {
    let mut gaps: Vec<String> = before.gaps.iter().chain(&after.gaps).cloned().collect();
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}
