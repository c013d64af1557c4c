//! What may connect to what between the workloads of two namespaces: the graph of a selection.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Connections, WorkloadEndpoint};
use crate::ids::ClusterId;
use crate::page::At;

/// Path.
pub const PATH: &str = "/api/v1/network/graph";

/// Between which namespaces, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct GraphQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The namespace of who connects.
    pub from: String,
    /// The namespace of whom they connect to.
    pub to: String,
}

impl From<&GraphQuery> for At {
    fn from(query: &GraphQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// The workloads of both namespaces, and what may pass.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// Who may connect to somebody, by kind and name.
    pub sources: Vec<Node>,
    /// To whom somebody may connect.
    pub destinations: Vec<Node>,
    /// What may pass, by source and destination.
    pub edges: Vec<Edge>,
    /// How many pairs there are between which something may pass; the first of them are listed.
    pub open: u64,
    /// How many pairs there are in all.
    pub pairs: u64,
    /// What is missing in the answer, in sentences.
    pub gaps: Vec<String>,
}

/// Pods of a workload that policies do not tell apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Whose.
    #[serde(flatten)]
    pub workload: WorkloadEndpoint,
    /// How many; one where there is only a template.
    pub pods: u32,
}

/// What may pass between two of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Edge {
    /// The place of who connects among the sources.
    pub from: usize,
    /// The place of whom it connects to among the destinations.
    pub to: usize,
    /// What may pass.
    pub connections: Connections,
}
