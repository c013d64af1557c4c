//! The overview: how deep the cluster sits, whether it is rising, what to fix first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clusters::Cluster;
use crate::findings::Effect;
use crate::ids::{ClusterId, FindingId};
use crate::object::ObjectRef;
use crate::page::At;
use crate::score::{Score, SeverityCounts};
use crate::snapshots::KindCoverage;
use crate::trends::Point;
use crate::verdict::{Area, Severity};

/// Path.
pub const PATH: &str = "/api/v1/overview";

/// What to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct OverviewQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// With what to compare: the state `24h`, `7d` (the default) or `30d` before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
}

impl From<&OverviewQuery> for At {
    fn from(query: &OverviewQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// All of the overview; empty before the first snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The cluster; none before its first snapshot.
    pub cluster: Option<Cluster>,
    /// How large it is.
    pub size: Size,
    /// How it stands.
    pub score: Score,
    /// Open findings now.
    pub open: SeverityCounts,
    /// The same at the start of the window; none where no snapshot is that old.
    pub before: Option<Before>,
    /// The last 90 days, oldest first.
    pub history: Vec<Point>,
    /// What moved the score most in those days, oldest first; at most five.
    pub flags: Vec<Flag>,
    /// What to change first, most score first.
    pub fixes: Vec<Fix>,
    /// How many changes there are in all.
    pub fixes_total: u32,
    /// Each of the nine areas.
    pub areas: Vec<AreaRow>,
    /// How the findings moved in the window.
    pub movement: Movement,
    /// What the score rests on: every kind and how reading it ended.
    pub kinds: Vec<KindCoverage>,
}

/// How large a cluster is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Size {
    /// Namespaces.
    pub namespaces: u32,
    /// Workloads, each counted once by its topmost owner.
    pub workloads: u32,
    /// Pods.
    pub pods: u32,
    /// Nodes.
    pub nodes: u32,
}

/// The state at the start of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Before {
    /// The snapshot's instant.
    pub at: DateTime<Utc>,
    /// Its score.
    pub score: Option<f32>,
    /// Its open findings.
    pub open: SeverityCounts,
}

/// A day on which the score moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    /// When.
    pub at: DateTime<Utc>,
    /// By how much.
    pub score: f32,
    /// What opened or closed most, in words.
    pub title: String,
}

/// A change worth making: every finding that one patch closes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// The finding whose patch it is; the panel that it opens.
    pub finding: FindingId,
    /// The worst severity that it closes.
    pub severity: Severity,
    /// What to do, starting with a verb.
    pub title: String,
    /// The object to change.
    pub object: ObjectRef,
    /// What it does, computed on the model.
    pub effect: Effect,
}

/// One area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AreaRow {
    /// Which.
    pub area: Area,
    /// How it stands.
    pub score: Score,
    /// Its score at the start of the window.
    pub before: Option<f32>,
    /// Its open findings.
    pub open: SeverityCounts,
    /// Its score over the last 90 days, oldest first; at most 90 values.
    pub history: Vec<Option<f32>>,
}

/// How findings moved between the start of the window and now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Movement {
    /// The start.
    pub since: DateTime<Utc>,
    /// Open then.
    pub open_before: u32,
    /// Seen for the first time since.
    pub new: u32,
    /// Fixed before, and there again.
    pub reopened: u32,
    /// Gone since.
    pub fixed: u32,
    /// Open now.
    pub open_now: u32,
    /// The latest changes, newest first; at most five.
    pub latest: Vec<crate::changes::Change>,
}
