//! What changes of what may connect to what: between two snapshots, or by policies that are proposed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Connections, Endpoint};
use crate::object::ObjectRef;

/// Two ends between which other than before may pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedPair {
    /// Who connects.
    pub source: Endpoint,
    /// To whom.
    pub destination: Endpoint,
    /// What may pass that could not before.
    pub added: Connections,
    /// What may no longer pass.
    pub removed: Connections,
    /// When both ends are there.
    pub there: There,
}

/// In which of two states something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum There {
    /// In both: what changed is what policies say, or what they go by.
    Both,
    /// In the earlier alone.
    Before,
    /// In the later alone.
    After,
}

/// How much changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSummary {
    /// Pairs between which something may pass that could not before.
    pub opened: u64,
    /// Pairs between which something may no longer pass. A pair may be of both.
    pub cut: u64,
    /// Pods at either end of a pair that changed; a workload without pods counts as one.
    pub pods: u64,
    /// Workloads that are in the later state alone.
    pub appeared: Vec<ObjectRef>,
    /// Workloads that are in the earlier state alone.
    pub gone: Vec<ObjectRef>,
}

/// Policies that are proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Proposal {
    /// Policies as YAML documents. Each is added, or takes the place of the one of its kind, namespace and name.
    pub manifests: String,
    /// Policies that are to go.
    pub deleted: Vec<ObjectRef>,
}

/// What is wrong with a proposal, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mistake {
    /// The document, from 1; none where it is not known, or is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// The line of the text, from 1, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The policy, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectRef>,
    /// The field: `spec.ingress[0].ports[1].endPort`; empty where it is the whole.
    pub field: String,
    /// Why, in the API server's words where it has some.
    pub reason: String,
}
