//! Trends: scores and counts over time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ClusterId;
use crate::page::At;
use crate::score::SeverityCounts;

/// Path.
pub const PATH: &str = "/api/v1/trends";

/// Which trend.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct TrendQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The end (RFC 3339); now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// How many days back, 1 to 366; 90 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// One area; all, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

impl From<&TrendQuery> for At {
    fn from(query: &TrendQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// The state at one snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Point {
    /// When.
    pub at: DateTime<Utc>,
    /// The score; none where nothing was decided.
    pub score: Option<f32>,
    /// Its range, from below.
    pub low: f32,
    /// Its range, from above.
    pub high: f32,
    /// The share of weight that was decided, 0 to 1.
    pub evidence: f32,
    /// Open findings.
    pub open: SeverityCounts,
}

/// A trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// Oldest first. At most 400: of more snapshots than that, the last of each equal stretch of time.
    pub points: Vec<Point>,
}
