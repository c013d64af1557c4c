//! Every two ends between which something may pass, as a file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{Endpoint, Pair};
use crate::ids::ClusterId;
use crate::page::At;

/// Path; `export.csv` and `export.json` are below it.
pub const PATH: &str = "/api/v1/network/pairs";

/// Which pairs, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct PairsQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The namespace of who connects; any, and outside addresses, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The namespace of whom they connect to, in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl PairsQuery {
    /// Whether a pair is asked for.
    pub fn wants(&self, pair: &Pair) -> bool {
        let is_in = |namespace: &Option<String>, end: &Endpoint| match (namespace, end) {
            (None, _) => true,
            (Some(namespace), Endpoint::Workload(workload)) => workload.namespace == *namespace,
            (Some(_), Endpoint::Block(_)) => false,
        };
        is_in(&self.from, &pair.source) && is_in(&self.to, &pair.destination)
    }
}

impl From<&PairsQuery> for At {
    fn from(query: &PairsQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}
