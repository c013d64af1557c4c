//! What other policy engines say of an object, by their reports.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::verdict::Severity;

/// A rule of another policy engine that an object does not keep. It is shown beside our findings, and not counted with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyResult {
    /// The engine, as it calls itself: `kyverno`.
    pub engine: String,
    /// The policy.
    pub policy: String,
    /// The rule of the policy; empty where it has one only.
    pub rule: String,
    /// `fail`, `warn`, or `error` where the engine could not tell.
    pub result: String,
    /// How bad the engine thinks it is, where it says so.
    pub severity: Option<Severity>,
    /// What it says, in its own words.
    pub message: String,
    /// The kind of the object that it is about: the workload, or what it is made of.
    pub kind: String,
    /// The object's name.
    pub name: String,
}
