//! Snapshots: when the cluster was read, how completely, and what came of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::{ClusterId, SnapshotId};
use crate::score::{Score, SeverityCounts};

/// Path of the list; a POST takes a snapshot.
pub const PATH: &str = "/api/v1/snapshots";
/// Path of the progress stream (server-sent events of [`Progress`]).
pub const PROGRESS_PATH: &str = "/api/v1/snapshots/progress";

/// Which cluster: where an instant says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
}

/// What to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SnapshotQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) up to which to list; now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Where to read on: `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on the page, 1 to 500; 50 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// How reading one resource ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "status")]
pub enum Collected {
    /// Read whole.
    Collected {
        /// How many objects.
        count: u32,
    },
    /// The API server said 401 or 403.
    Denied {
        /// Its words.
        reason: String,
    },
    /// The cluster does not serve it.
    Absent,
    /// Reading it went wrong.
    Failed {
        /// Why.
        reason: String,
    },
    /// It was not asked for, or the source can't show it.
    Skipped {
        /// Why.
        reason: String,
    },
}

impl Collected {
    /// The word used on the wire and in the database.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Collected { .. } => "collected",
            Self::Denied { .. } => "denied",
            Self::Absent => "absent",
            Self::Failed { .. } => "failed",
            Self::Skipped { .. } => "skipped",
        }
    }

    /// Why it was not read; empty where it was, or is absent.
    pub fn reason(&self) -> &str {
        match self {
            Self::Collected { .. } | Self::Absent => "",
            Self::Denied { reason } | Self::Failed { reason } | Self::Skipped { reason } => reason,
        }
    }

    /// How many objects were read.
    pub fn count(&self) -> Option<u32> {
        match self {
            Self::Collected { count } => Some(*count),
            _ => None,
        }
    }

    /// Whether what is in the snapshot of this resource is all there is: read whole, or not served.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Collected { .. } | Self::Absent)
    }
}

/// One resource of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KindCoverage {
    /// `clusterroles.rbac.authorization.k8s.io`; `pods` in the core group.
    pub resource: String,
    /// How reading it ended.
    #[serde(flatten)]
    pub outcome: Collected,
}

/// How a snapshot ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Every kind was read, or is absent.
    Complete,
    /// Some kinds could not be read.
    Partial,
    /// Nothing was stored.
    Failed,
}

impl Outcome {
    /// The word used on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }

    /// The outcome of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Complete, Self::Partial, Self::Failed]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
    }
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotRow {
    /// Its number.
    pub id: SnapshotId,
    /// When it was taken: the instant from which it is known.
    pub taken_at: DateTime<Utc>,
    /// How long reading, judging and storing took.
    pub duration_ms: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed; empty otherwise.
    pub reason: String,
    /// Objects read.
    pub objects: u32,
    /// Kinds read, and kinds that exist.
    pub kinds_collected: u32,
    /// All kinds that were asked for and that the cluster serves.
    pub kinds_total: u32,
    /// Its score; none where it failed.
    pub score: Option<Score>,
    /// Open findings.
    pub open: SeverityCounts,
    /// The release of the check catalogue that judged it, and what is set: `4`, `4+settings-9b0d77c1`. A change of it is no drift.
    pub catalogue: String,
}

/// One snapshot, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotDetail {
    /// The row.
    #[serde(flatten)]
    pub row: SnapshotRow,
    /// Each kind and how reading it ended.
    pub kinds: Vec<KindCoverage>,
    /// What else went wrong on the way: a document of a file that can't be parsed, for one.
    pub warnings: Vec<String>,
}

/// A snapshot on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "step")]
pub enum Progress {
    /// Nothing is being done.
    Idle,
    /// Reading.
    Collecting {
        /// Kinds that are finished.
        kinds_done: u32,
        /// All kinds.
        kinds_total: u32,
        /// Objects so far.
        objects: u32,
    },
    /// Judging.
    Analysing,
    /// Storing.
    Storing,
    /// Stored.
    Done {
        /// The new snapshot.
        snapshot: SnapshotId,
    },
    /// It came to nothing; the one before stays readable.
    Failed {
        /// Why.
        reason: String,
    },
}
