//! Policies made from what a cluster declares.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::{ChangeSummary, ChangedPair};
use crate::object::ObjectRef;

/// Whom a Service is taken to serve that is not open to the outside. Services don't say who calls them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Callers {
    /// All pods of the cluster: nothing that uses a Service is cut off.
    #[default]
    Cluster,
    /// Pods of its own namespace, and the controllers of Ingresses and Gateways that lead to it.
    Namespace,
}

/// Which traffic policies are made for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Directions {
    /// Traffic to pods.
    #[default]
    Ingress,
    /// Traffic to pods and from them.
    Both,
}

/// Policies that were made, with what they would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// The policies, to be applied as they are.
    #[schema(value_type = Vec<Object>)]
    pub manifests: Vec<serde_json::Value>,
    /// How much changes: they open nothing.
    pub summary: ChangeSummary,
    /// What they cut off, in order: the first thousand.
    pub cut: Vec<ChangedPair>,
    /// What they keep because it is declared: each was held against the policies.
    pub kept: Vec<Kept>,
    /// What a person should know before applying them, each a sentence.
    pub notes: Vec<String>,
}

/// A port that stays open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Of which workload.
    pub workload: ObjectRef,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: String,
    /// Which.
    pub port: u16,
    /// To whom.
    pub from: Clients,
    /// What declares it.
    pub because: Vec<ObjectRef>,
}

/// Those to whom a port is open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "are")]
pub enum Clients {
    /// Everyone within the cluster and without.
    Everyone,
    /// All pods of the cluster.
    Cluster,
    /// All pods of the namespace.
    Namespace,
    /// The pods of some workloads.
    Workloads {
        /// These.
        workloads: Vec<ObjectRef>,
    },
}
