//! Clusters that are watched.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::ClusterId;

/// Path of the list.
pub const PATH: &str = "/api/v1/clusters";

/// Where a cluster's objects come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Its API server.
    Live,
    /// Manifests.
    Files,
    /// The simulation.
    Demo,
}

impl Source {
    /// The word used on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Files => "files",
            Self::Demo => "demo",
        }
    }

    /// The source of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Live, Self::Files, Self::Demo]
            .into_iter()
            .find(|source| source.as_str() == word)
    }
}

/// One cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Its id.
    pub id: ClusterId,
    /// Its name: the kubeconfig's context, or as configured.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// Kubernetes version of its API server, as it reports it; empty where unknown.
    pub version: String,
    /// When its last good snapshot was taken.
    pub last_snapshot: Option<DateTime<Utc>>,
}
