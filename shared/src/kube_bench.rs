//! What kube-bench found on the nodes: imported, and shown beside what the API tells.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ClusterId;
use crate::verdict::Verdict;

/// Path of the list; a POST hands in what kube-bench said of a node, and a DELETE below it, by the node, forgets that.
pub const PATH: &str = "/api/v1/kube-bench";

/// One run of kube-bench on one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeBenchReport {
    /// The node, or what whoever imported it called it: kube-bench does not say where it ran.
    pub node: String,
    /// When it was handed in; none where nothing is stored.
    pub received: Option<DateTime<Utc>>,
    /// What it says of each control, in its order.
    pub results: Vec<KubeBenchResult>,
}

/// Where the body of a request is from: kube-bench itself does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct NewKubeBench {
    /// The cluster; the only one, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The name of the node on which kube-bench ran.
    pub node: String,
}

/// What is held of one node, without the results themselves: compliance tells those.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeBenchRow {
    /// The node.
    pub node: String,
    /// When it was handed in. It counts from the first snapshot after that.
    pub received: DateTime<Utc>,
    /// Who handed it in.
    pub received_by: String,
    /// The benchmarks that were run, as kube-bench calls them: `cis-1.12`.
    pub benchmarks: BTreeSet<String>,
    /// How its tests ended.
    pub totals: KubeBenchTotals,
}

/// How many tests of kube-bench ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KubeBenchTotals {
    /// The node is as the control asks.
    pub pass: u32,
    /// It is not.
    pub fail: u32,
    /// A person must look.
    pub warn: u32,
    /// They were skipped.
    pub info: u32,
}

impl KubeBenchTotals {
    /// Those of these results.
    pub fn of(results: &[KubeBenchResult]) -> Self {
        let mut totals = Self::default();
        for result in results {
            *match result.status {
                KubeBenchStatus::Pass => &mut totals.pass,
                KubeBenchStatus::Fail => &mut totals.fail,
                KubeBenchStatus::Warn => &mut totals.warn,
                KubeBenchStatus::Info => &mut totals.info,
            } += 1;
        }
        totals
    }
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
