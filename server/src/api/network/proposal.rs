//! Policies made for a namespace from what it declares, held against the cluster before they are proposed.

use analysis::cluster::Cluster;
use analysis::network::change::State;
use analysis::network::propose;
use axum::response::Response;
use shared::network::answers::{ProposalAnswer, ProposalQuery};
use shared::page::Stamped;
use shared::problem::Problem;

use super::known::told;
use crate::api::error::ApiError;
use crate::api::models;
use crate::api::read::Read;

/// Policies that deny by default what Services, Ingresses, routes and ports of nodes of the namespace don't need, with all that
/// they would cut and keep. Nothing is applied.
#[utoipa::path(get, path = "/network/proposal", tag = "network", params(ProposalQuery), responses(
    (status = 200, body = Stamped<ProposalAnswer>),
    (status = 400, body = Problem, description = "The question can't be asked; names the field"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn proposal(read: Read<ProposalQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(ProposalAnswer::default()));
    };
    let query = read.query.clone();
    let make = move |cluster: &Cluster<'_>| {
        let network = cluster.network();
        let state = State {
            model: &network.model,
            network: &network.network,
        };
        propose::namespace(cluster, state, &query.namespace, (query.directions, query.callers))
    };
    let (made, refused) = told(models::of_cluster(&read.state, &read.viewer, as_of, make).await?);
    Ok(read.answer(ProposalAnswer { made, refused }))
}
