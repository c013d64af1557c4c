//! The check catalogue, and what each check concluded.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::verdict::{Area, Severity, Verdict};

/// Path of the list.
pub const PATH: &str = "/api/v1/checks";

/// How much of a cluster one evaluation looks at, and so what a change re-runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One object by itself.
    Object,
    /// The objects of one namespace.
    Namespace,
    /// The whole cluster.
    Cluster,
}

/// A control of a published framework: `CIS 5.1.1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// The framework, with its version where the numbering depends on it: `CIS 1.12`.
    pub framework: String,
    /// The control's own id.
    pub id: String,
}

/// One check: what it looks for and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckInfo {
    /// Stable id: `cluster-admin-bound`.
    pub id: String,
    /// What is wrong when it fails, in a few words.
    pub title: String,
    /// The practice it belongs to.
    pub area: Area,
    /// How bad a finding is.
    pub severity: Severity,
    /// How much it looks at.
    pub scope: Scope,
    /// Why it matters.
    pub rationale: String,
    /// What to do, in words.
    pub remediation: String,
    /// Resources it reads: `clusterrolebindings.rbac.authorization.k8s.io`.
    pub reads: Vec<String>,
    /// The framework controls it answers.
    pub controls: Vec<Control>,
    /// The file that it was read from, if a user wrote it; none for a check of this release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What a check concluded in one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// The check.
    pub check: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Why it is manual or not evaluated, in words; empty otherwise.
    pub reason: String,
    /// How many objects it looked at.
    pub evaluated: u32,
    /// How many of them failed.
    pub failed: u32,
}

/// A check beside its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckRow {
    /// The check.
    #[serde(flatten)]
    pub info: CheckInfo,
    /// Its result in the snapshot that the answer rests on; none before the first snapshot, or where that snapshot's release lacked it.
    pub result: Option<CheckResult>,
}
