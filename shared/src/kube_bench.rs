//! What kube-bench found on the nodes: imported, and shown beside what the API tells.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::verdict::Verdict;

/// One run of kube-bench on one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeBenchReport {
    /// The node, or what whoever imported it called it: kube-bench does not say where it ran.
    pub node: String,
    /// What it says of each control, in its order.
    pub results: Vec<KubeBenchResult>,
}

/// What one run says of one control. The value that was found has no place here: it may be a whole command line or file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeBenchResult {
    /// The benchmark, as kube-bench calls it: `cis-1.12`, `eks-1.7.0`; empty where it does not say.
    pub benchmark: String,
    /// The control's id: `1.2.6`.
    pub control: String,
    /// What it asks for, cut where it is long.
    pub description: String,
    /// What to do, cut where it is long.
    pub remediation: String,
    /// How it ended.
    pub status: KubeBenchStatus,
    /// Whether only a person can decide it.
    pub manual: bool,
    /// Whether it counts for the benchmark's score.
    pub scored: bool,
}

/// How a test of kube-bench ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum KubeBenchStatus {
    /// The node is as the control asks.
    Pass,
    /// It is not.
    Fail,
    /// A person must look.
    Warn,
    /// It was skipped.
    Info,
}

/// What all runs together say of one control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeBenchControl {
    /// What it asks for.
    pub description: String,
    /// What to do.
    pub remediation: String,
    /// It fails if it fails on any node.
    pub verdict: Verdict,
    /// Why it is manual or not evaluated, in words; empty otherwise.
    pub reason: String,
    /// The nodes on which it passes.
    pub passing: Vec<String>,
    /// The nodes on which it fails.
    pub failing: Vec<String>,
    /// The nodes on which a person must look.
    pub manual: Vec<String>,
    /// The nodes on which it was skipped.
    pub skipped: Vec<String>,
}
