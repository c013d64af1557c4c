//! Questions about what changes: since an earlier snapshot, or by policies that are proposed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::{ChangeSummary, ChangedPair, Mistake};
use crate::ids::ClusterId;
use crate::page::{AsOf, At};
use crate::since::Since;

/// Path of what changed.
pub const PATH: &str = "/api/v1/network/changes";
/// Path of what a proposal would change.
pub const WHAT_IF_PATH: &str = "/api/v1/network/what-if";

/// Since when, and until when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The earlier instant (RFC 3339), or so many days before, such as `30d`, of which those that are kept are enough; `7d`, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub since: Option<Since>,
}

impl From<&ChangesQuery> for At {
    fn from(query: &ChangesQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// What changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The snapshot that is compared with; none for a proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<AsOf>,
    /// How much.
    pub summary: ChangeSummary,
    /// The pairs, in order: the first two thousand.
    pub pairs: Vec<ChangedPair>,
    /// What is wrong with the proposal: then nothing was evaluated.
    pub mistakes: Vec<Mistake>,
    /// What is missing in the answer, in sentences.
    pub gaps: Vec<String>,
}
