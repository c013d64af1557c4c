//! Namespaces: how each stands, for those who are responsible for it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::findings::FindingRow;
use crate::pod_security::Level;
use crate::score::SeverityCounts;
use crate::verdict::Verdict;

/// Path of the list; one namespace is below it, by its name.
pub const PATH: &str = "/api/v1/namespaces";

/// The namespaces of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Namespaces {
    /// Those that were read, and those that only name themselves in what is in them, by name.
    pub namespaces: Vec<NamespaceRow>,
    /// What is missing in what is told of them, in sentences.
    pub gaps: Vec<String>,
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceRow {
    /// Its name.
    pub namespace: String,
    /// Whether it is being deleted.
    pub is_terminating: bool,
    /// Workloads in it.
    pub workloads: u32,
    /// Pods in it; none where pods were not read.
    pub pods: Option<u32>,
    /// Open findings on what is in it. Those on the namespace itself are not among them.
    pub open: SeverityCounts,
    /// What it asks of Pod Security; none where the namespace itself was not read.
    pub levels: Option<Levels>,
    /// How many quotas it has; none where quotas were not read.
    pub quotas: Option<u32>,
    /// The largest share, 0 to 1, that is used of anything that its quotas bound.
    pub fullest: Option<f64>,
    /// How many limit ranges it has; none where they were not read.
    pub limit_ranges: Option<u32>,
    /// Whether its pods take connections only from where a policy lets them; none where no pod in it is subject to policies.
    pub default_deny: Option<Standing>,
}

/// What a namespace enforces, and could.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Levels {
    /// What it refuses.
    pub enforce: Level,
    /// The narrowest level that it could enforce today without refusing any of its workloads.
    pub could_enforce: Level,
}

/// What a check says of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence or two; empty where it passes.
    pub reason: String,
}

/// One namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceDetail {
    /// The row.
    #[serde(flatten)]
    pub row: NamespaceRow,
    /// Since when it is known; none where it was not read itself.
    pub first_seen: Option<DateTime<Utc>>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Open findings on the namespace itself, worst first.
    pub findings: Vec<FindingRow>,
    /// Its network policies, by name.
    pub policies: Vec<PolicyRow>,
    /// What it gives containers that leave something out, and what it forbids them.
    pub limits: Vec<LimitRow>,
    /// Objects of RBAC in it.
    pub access: AccessCounts,
    /// What is missing in what is told of it, in sentences.
    pub gaps: Vec<String>,
}

/// A network policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRow {
    /// Its name.
    pub name: String,
    /// Whether it selects every pod of the namespace.
    pub selects_all: bool,
    /// Whether the pods that it selects take only the connections that a policy lets in.
    pub ingress: bool,
    /// Whether they make only those that a policy lets out.
    pub egress: bool,
}

/// What a limit range says of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LimitRow {
    /// The limit range.
    pub name: String,
    /// What it is about: `Container`, `Pod`, `PersistentVolumeClaim`.
    pub of: String,
    /// `cpu`, `memory`.
    pub resource: String,
    /// The request of whoever states none.
    pub default_request: Option<String>,
    /// The limit of whoever states none.
    pub default: Option<String>,
    /// The least that is let in.
    pub min: Option<String>,
    /// The most that is let in.
    pub max: Option<String>,
}

/// How many objects of RBAC a namespace has; none of a kind that was not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessCounts {
    /// Service accounts.
    pub service_accounts: Option<u32>,
    /// Roles.
    pub roles: Option<u32>,
    /// Role bindings.
    pub role_bindings: Option<u32>,
}
