//! What may connect to what.

use analysis::network::known::Known;
use serde::Serialize;
use shared::network::answers::{
    COVERAGE_PATH, CoverageAnswer, EXPOSURE_PATH, ExposureAnswer, MODEL_PATH, PROPOSAL_PATH, ProposalAnswer,
    ProposalQuery,
};
use shared::network::changes::{Changes, ChangesQuery, PATH as CHANGES_PATH};
use shared::network::graph::{Graph, GraphQuery, PATH as GRAPH_PATH};
use shared::network::history::{CoverageHistory, PATH as HISTORY_PATH};
use shared::network::pairs::{PATH as PAIRS_PATH, PairsQuery};
use shared::network::reach::{Between, CONNECTIONS_PATH, ConnectionsQuery, PATH as REACH_PATH, Reach, ReachQuery};
use shared::page::{At, Stamped};

use super::client::{self, Request, with_query};

/// How far policies cover the cluster.
pub(crate) fn coverage(at: At) -> Request<Stamped<CoverageAnswer>> {
    client::get_stamped(COVERAGE_PATH, &at)
}

/// How far policies covered the cluster over time.
pub(crate) fn history(at: At) -> Request<Stamped<CoverageHistory>> {
    client::get_stamped(HISTORY_PATH, &at)
}

/// What is open to the outside.
pub(crate) fn exposure(at: At) -> Request<Stamped<ExposureAnswer>> {
    client::get_stamped(EXPOSURE_PATH, &at)
}

/// What may pass between the workloads of two namespaces.
pub(crate) fn graph(query: &GraphQuery) -> Request<Stamped<Graph>> {
    client::get_stamped(GRAPH_PATH, query)
}

/// What reaches a workload and what it reaches.
pub(crate) fn reach(query: &ReachQuery) -> Request<Stamped<Reach>> {
    client::get_stamped(REACH_PATH, query)
}

/// What may pass between two ends, and why.
pub(crate) fn connections(query: &ConnectionsQuery) -> Request<Stamped<Between>> {
    client::get_stamped(CONNECTIONS_PATH, query)
}

/// What changed.
pub(crate) fn changes(query: &ChangesQuery) -> Request<Stamped<Changes>> {
    client::get_stamped(CHANGES_PATH, query)
}

/// Policies that are made for a namespace.
pub(crate) fn proposal(query: &ProposalQuery) -> Request<Stamped<ProposalAnswer>> {
    client::get_stamped(PROPOSAL_PATH, query)
}

/// All that is known, to be evaluated here.
pub(crate) fn model(at: At) -> Request<Stamped<Known>> {
    client::get_stamped(MODEL_PATH, &at)
}

/// Where all that may connect is as a file, that ends so.
pub(crate) fn pairs_file(query: &PairsQuery, ending: &str) -> String {
    file(PAIRS_PATH, query, ending)
}

/// Where the ways in are as a file.
pub(crate) fn exposure_file(at: At) -> String {
    file(EXPOSURE_PATH, &at, "csv")
}

/// Where all is that reaches a workload and that it reaches; the answer itself is the file.
pub(crate) fn reach_file(query: &ReachQuery) -> String {
    with_query(REACH_PATH, query)
}

fn file(path: &str, query: &impl Serialize, ending: &str) -> String {
    with_query(&format!("{path}/export.{ending}"), query)
}
