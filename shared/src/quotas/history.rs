//! How the use of a quota went.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Unit;

/// The past of one quota.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaHistory {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// What it bounds at last, by resource.
    pub resources: Vec<ResourceHistory>,
}

/// How the use of one resource went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceHistory {
    /// As the quota names it: `requests.cpu`.
    pub resource: String,
    /// What it is counted in.
    pub unit: Unit,
    /// What was used and what was allowed at snapshots of the last 90 days, the oldest first. Of many snapshots, some that are
    /// equally far apart.
    pub points: Vec<QuotaPoint>,
}

/// What was used of a resource, and what was allowed, at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaPoint {
    /// When.
    pub at: DateTime<Utc>,
    /// How much was used, in the resource's unit.
    pub used: i64,
    /// How much was allowed.
    pub hard: i64,
}
