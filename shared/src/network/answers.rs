//! What the routes of the network answer: what is known, or why it is not.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::coverage::Coverage;
use super::enforcement::Enforcement;
use super::exposure::Exposure;
use super::propose::{Callers, Directions, Made};
use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;

/// Path of how far policies cover a cluster.
pub const COVERAGE_PATH: &str = "/api/v1/network/coverage";
/// Path of what is open to the outside.
pub const EXPOSURE_PATH: &str = "/api/v1/network/exposure";
/// Path of all that is known, for those who evaluate it themselves.
pub const MODEL_PATH: &str = "/api/v1/network/model";

/// Path of policies that are made for a namespace.
pub const PROPOSAL_PATH: &str = "/api/v1/network/proposal";

/// For which namespace policies are made, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ProposalQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The namespace.
    pub namespace: String,
    /// Which traffic they are made for; `ingress`, if left out.
    #[param(inline)]
    pub directions: Directions,
    /// Whom Services are taken to serve; the `cluster`, if left out.
    #[param(inline)]
    pub callers: Callers,
}

impl From<&ProposalQuery> for At {
    fn from(query: &ProposalQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// Policies that were made for a namespace, with what they cut and keep.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposalAnswer {
    /// The policies; none where there is nothing to propose.
    pub made: Option<Made>,
    /// Why there is nothing to propose, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

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
