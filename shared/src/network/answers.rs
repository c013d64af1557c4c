//! What the routes of the network answer: what is known, or why it is not.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::coverage::Coverage;
use super::enforcement::Enforcement;
use super::exposure::Exposure;
use crate::object::ObjectRef;

/// Path of how far policies cover a cluster.
pub const COVERAGE_PATH: &str = "/api/v1/network/coverage";
/// Path of what is open to the outside.
pub const EXPOSURE_PATH: &str = "/api/v1/network/exposure";
/// Path of all that is known, for those who evaluate it themselves.
pub const MODEL_PATH: &str = "/api/v1/network/model";

/// How far policies cover a cluster, and whether anything enforces them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoverageAnswer {
    /// How far; none where it can't be told.
    pub coverage: Option<Coverage>,
    /// Why it can't be told, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_evaluated: Option<String>,
    /// Whether anything enforces the policies; none before the first snapshot.
    pub enforcement: Option<Enforcement>,
    /// How many policies there are that the API server would take.
    pub policies: u32,
    /// How many classes of pods they tell apart.
    pub classes: u32,
    /// The policies that the API server would not take, which do nothing.
    pub invalid: Vec<InvalidPolicy>,
}

/// A policy that the API server would not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvalidPolicy {
    /// The policy.
    pub object: ObjectRef,
    /// Where: `spec.ingress[0].ports[1].endPort`.
    pub path: String,
    /// Why, in the API server's words.
    pub reason: String,
}

/// What is open to the outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExposureAnswer {
    /// The ways; none where it can't be told.
    pub exposure: Option<Exposure>,
    /// Why it can't be told, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_evaluated: Option<String>,
}
