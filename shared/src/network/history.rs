//! How far policies covered a cluster over time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::coverage::Figures;

/// Path.
pub const PATH: &str = "/api/v1/network/history";

/// The course of it over the 90 days before the instant that is asked about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverageHistory {
    /// Oldest first. At most 91: of more snapshots than that, the last of each day.
    pub points: Vec<CoveragePoint>,
}

/// The state at one snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoveragePoint {
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// How far policies covered the cluster; none where that could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
}
