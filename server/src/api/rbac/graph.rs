//! The graph of access.

use std::collections::BTreeSet;

use analysis::rbac::access::Access;
use analysis::rbac::graph::{Options, graph as draw};
use analysis::rbac::lists;
use axum::response::Response;
use shared::escalations::{Escalations, Sink};
use shared::page::Stamped;
use shared::problem::Problem;
use shared::rbac::Grant;
use shared::rbac::graph::{Graph, GraphQuery, Only};

use super::questions::Asked;
use super::{escalations, questions};
use crate::api::error::ApiError;
use crate::api::models::{self, Model};
use crate::api::read::Read;

/// Who is bound, by what, to which role, which permits what. It begins aggregated; groups named in `open` are drawn one by one.
#[utoipa::path(get, path = "/rbac/graph", tag = "rbac", params(GraphQuery), responses(
    (status = 200, body = Stamped<Graph>),
    (status = 400, body = Problem, description = "A parameter makes no sense"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn graph(read: Read<GraphQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Graph::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let escalations = escalations::found(&read.state, &read.viewer, as_of).await?;
    let query = read.query.clone();
    let drawn = tokio::task::spawn_blocking(move || drawn(&model, &escalations, &query)).await;
    Ok(read.answer(drawn.map_err(ApiError::internal)?))
}

fn drawn(model: &Model, escalations: &Escalations, query: &GraphQuery) -> Graph {
    let (hot, answer) = (ways_to_admin(escalations), answer(&model.access, query));
    let in_use: Option<BTreeSet<(&str, &str)>> =
        (query.only == Some(Only::InUse)).then(|| lists::in_use(&model.snapshot).unwrap_or_default());
    let options = Options {
        open: query
            .open
            .iter()
            .flat_map(|ids| ids.split(','))
            .filter(|id| !id.is_empty())
            .collect(),
        text: query.q.as_deref().unwrap_or_default().trim(),
        namespace: query.namespace.as_deref().unwrap_or_default(),
        only_hot: query.only == Some(Only::Escalation),
        only_accounts: in_use.as_ref(),
        answer: &answer,
        hot: &hot,
    };
    draw(&model.snapshot, &options)
}

/// The chains that answer the question. One that can't be asked is told by its own route; here it marks nothing.
fn answer(access: &Access, query: &GraphQuery) -> Vec<Grant> {
    let who = questions::identity(&query.user, &query.groups).ok();
    if query.verb.is_empty() {
        let namespace = Some(query.within.as_str()).filter(|namespace| !namespace.is_empty());
        let held = who.map(|who| access.permissions(&who, namespace)).unwrap_or_default();
        let permissions = held.places.into_iter().flat_map(|place| place.permissions);
        return permissions.flat_map(|permission| permission.grants).collect();
    }
    let asked = Asked {
        verb: &query.verb,
        resource: &query.resource,
        namespace: &query.within,
        name: &query.name,
        path: query.path.as_deref(),
    };
    let chains = asked.of(access, |request| match &who {
        Some(who) => access.answer(who, request, true).grants,
        None => access
            .holders(request)
            .subjects
            .into_iter()
            .flat_map(|holder| holder.grants)
            .collect(),
    });
    chains.unwrap_or_default()
}

/// The chains on the ways to cluster-admin that nobody meant.
fn ways_to_admin(escalations: &Escalations) -> Vec<Grant> {
    let ways = escalations.items.iter();
    let ways = ways.filter(|way| way.sink == Sink::ClusterAdmin && !way.expected);
    let needs = ways.flat_map(|way| &way.steps).flat_map(|step| &step.needs);
    let mut chains: Vec<Grant> = needs.filter_map(|need| need.grant.clone()).collect();
    chains.sort();
    chains.dedup();
    chains
}
