//! What was concluded of a control over time.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ControlVerdict;

/// What was concluded of a control from one instant to another, without a gap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlHistory {
    /// Verdicts in the order of time, no two in succession the same; none before the first snapshot.
    pub spans: Vec<VerdictSpan>,
}

/// How long a verdict stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerdictSpan {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when: the next one begins then, or the history ends.
    pub to: DateTime<Utc>,
    /// What was concluded.
    pub verdict: ControlVerdict,
}
