//! What a report says.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::compliance::{ComplianceScore, ComplianceSection, ControlVerdict};
use crate::ids::{ClusterId, FindingId, SnapshotId};
use crate::object::ObjectRef;
use crate::score::SeverityCounts;
use crate::snapshots::KindCoverage;
use crate::verdict::Severity;

/// How a cluster stood against a framework, what had moved and why, and what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The cluster.
    pub cluster: ReportCluster,
    /// The framework.
    pub framework: ReportFramework,
    /// When the snapshot was taken that it tells of; nothing in it depends on another clock.
    pub taken_at: DateTime<Utc>,
    /// The number of that snapshot; none where nothing is stored.
    pub snapshot: Option<SnapshotId>,
    /// The release of the check catalogue that judged it, and what is set.
    pub catalogue: String,
    /// How well the framework is met.
    pub score: ComplianceScore,
    /// Open findings that count against it.
    pub open: SeverityCounts,
    /// What moved; none where there is nothing to compare with.
    pub moved: Option<Moved>,
    /// What to decide now, the most pressing first.
    pub decide: Vec<Decision>,
    /// The controls with their evidence.
    pub sections: Vec<ComplianceSection>,
    /// What would close the findings, one for each check, worst first.
    pub fixes: Vec<ReportFix>,
    /// The same by namespace.
    pub namespaces: Vec<NamespaceFixes>,
    /// What nobody could tell.
    pub unknown: Unanswered,
}

/// The cluster that a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCluster {
    /// Its id.
    pub id: ClusterId,
    /// Its name.
    pub name: String,
    /// Its version of Kubernetes; empty where unknown.
    pub version: String,
}

/// The framework that a report holds it against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportFramework {
    /// Its id.
    pub id: String,
    /// What it is called in full, without the version.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Who publishes it; empty where nobody does.
    pub publisher: String,
    /// Where its text is to be read; empty where nowhere.
    pub source: String,
    /// What to know before relying on it.
    pub note: String,
}

/// What moved between two snapshots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// When the earlier one was taken.
    pub since: DateTime<Utc>,
    /// Whether a report told of that one.
    pub follows_report: bool,
    /// The release of the check catalogue that judged it then, and what was set.
    pub catalogue: String,
    /// How well the framework was met then.
    pub score: ComplianceScore,
    /// Findings that count against the framework, and did not then.
    pub opened: Opened,
    /// Findings that did then, and no longer do.
    pub closed: Closed,
    /// Controls of which something else is concluded.
    pub controls: Vec<ControlMove>,
}

/// Findings that were opened, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    /// All of them.
    pub findings: SeverityCounts,
    /// Those that other checks or settings opened, and perhaps not the cluster.
    pub by_release: u32,
    /// Those that had been there all along, before their check could tell.
    pub by_sight: u32,
    /// The worst of them.
    pub worst: Vec<Told>,
}

impl Opened {
    /// Those that the cluster itself brought.
    pub fn by_change(&self) -> u32 {
        self.findings.total().saturating_sub(self.by_release + self.by_sight)
    }
}

/// Findings that were closed, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Closed {
    /// All of them.
    pub findings: SeverityCounts,
    /// Those that other checks or settings closed, and perhaps not the cluster.
    pub by_release: u32,
    /// Those whose object is gone.
    pub by_deletion: u32,
    /// The worst of them.
    pub worst: Vec<Told>,
}

impl Closed {
    /// Those that were put right.
    pub fn by_change(&self) -> u32 {
        self.findings.total().saturating_sub(self.by_release + self.by_deletion)
    }
}

/// A finding, told in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Its id.
    pub id: FindingId,
    /// How bad it is.
    pub severity: Severity,
    /// The fact.
    pub title: String,
    /// The object.
    pub object: ObjectRef,
}

/// A control of which something else is concluded than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlMove {
    /// Its id in the framework.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// What was concluded before; none where the framework did not have it.
    pub from: Option<ControlVerdict>,
    /// What is concluded now.
    pub to: ControlVerdict,
    /// Why, in words.
    pub why: String,
}

/// Something to decide: the findings of one check, and what would close them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The check.
    pub check: String,
    /// How bad the worst of its findings is.
    pub severity: Severity,
    /// The fact, in one line.
    pub title: String,
    /// What it means, in a sentence or two.
    pub why: String,
    /// What to do, in words.
    pub fix: String,
    /// How many findings that would close.
    pub findings: u32,
    /// The objects that they are on, each once.
    pub objects: Vec<ObjectRef>,
    /// Since when the oldest has been open; none where nothing is stored.
    pub since: Option<DateTime<Utc>>,
    /// The controls that they count against.
    pub controls: Vec<String>,
}

/// What would close the findings of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportFix {
    /// Its number in the report.
    pub number: u32,
    /// The check.
    pub check: String,
    /// What is wrong, in a few words.
    pub title: String,
    /// How bad the worst of its findings is.
    pub severity: Severity,
    /// What to do, in words.
    pub remediation: String,
    /// How many findings it would close.
    pub findings: u32,
    /// The controls that they count against.
    pub controls: Vec<String>,
}

/// What would be done in one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceFixes {
    /// The namespace; empty for what lies in none.
    pub namespace: String,
    /// Its open findings that count against the framework.
    pub open: SeverityCounts,
    /// The fixes.
    pub fixes: Vec<NamespaceFix>,
}

/// A fix in one namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceFix {
    /// The number of the fix.
    pub number: u32,
    /// How bad the worst of its findings there is.
    pub severity: Severity,
    /// How many findings it would close there.
    pub findings: u32,
    /// The objects to change, each once.
    pub objects: Vec<ObjectRef>,
}

/// What nobody could tell, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unanswered {
    /// Kinds of objects that were asked for and could not be read.
    pub kinds: Vec<KindCoverage>,
    /// Controls without an answer, by what stands in its way.
    pub gaps: Vec<Gap>,
    /// What else went wrong while the cluster was read.
    pub warnings: Vec<String>,
}

/// Controls that have no answer for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// What is said of them instead.
    pub verdict: ControlVerdict,
    /// Why, in words.
    pub reason: String,
    /// The controls.
    pub controls: Vec<GapControl>,
}

/// A control without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapControl {
    /// Its id in the framework.
    pub id: String,
    /// What it asks for.
    pub title: String,
}
