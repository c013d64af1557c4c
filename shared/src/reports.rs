//! Reports: how a cluster stood against a framework, kept as they were written.

pub mod document;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::compliance::ComplianceScore;
use crate::ids::{ClusterId, SnapshotId};

/// Path of the list; a POST makes a report, and the files are below it: `/api/v1/reports/3.html`.
pub const PATH: &str = "/api/v1/reports";

/// Path of which reports are made without being asked for.
pub const SCHEDULE_PATH: &str = "/api/v1/reports/schedule";

/// Which reports are made without being asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportSchedule {
    /// Days between two reports of a cluster; none where none is made.
    pub every_days: Option<u32>,
    /// The ids of the frameworks of which there is one each time.
    pub frameworks: Vec<String>,
}

/// The files that a report is kept as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people, on paper too.
    Html,
    /// One row for each control, for spreadsheets.
    Csv,
    /// Everything, for programs.
    Json,
}

impl ReportFormat {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Html, Self::Csv, Self::Json];

    /// How the file's name ends.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The format of files that end so.
    pub fn parse(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == ending)
    }
}

/// One report that is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// Its number, upwards within its cluster.
    pub id: i64,
    /// The cluster.
    pub cluster: ClusterId,
    /// The framework's id.
    pub framework: String,
    /// What the framework is called beside the id of a control.
    pub name: String,
    /// The snapshot that it tells of.
    pub snapshot: SnapshotId,
    /// When that was taken.
    pub taken_at: DateTime<Utc>,
    /// The snapshot that it is compared with was taken then; none where there was none.
    pub since: Option<DateTime<Utc>>,
    /// When it was written.
    pub made_at: DateTime<Utc>,
    /// Who asked for it; `schedule` where nobody had to.
    pub made_by: String,
    /// How well the framework was met.
    pub score: ComplianceScore,
}

/// The answer to who asks for a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MadeReport {
    /// The report.
    #[serde(flatten)]
    pub report: ReportRow,
    /// Whether it was written just now: of a framework and a snapshot there is one, which stays as it was written.
    pub is_new: bool,
}

/// Which reports to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The framework's id; all, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// Only those of snapshots that were taken by this instant (RFC 3339); all, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Where to read on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on the page, 1 to 500; 50 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A report to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewReport {
    /// The framework's id.
    pub framework: String,
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to tell; now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}
