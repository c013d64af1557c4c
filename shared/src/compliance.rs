//! How a cluster stands against a framework.

pub mod history;
pub mod query;
pub mod standing;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::ObjectRef;
use crate::score::SeverityCounts;
use crate::verdict::Verdict;

/// Path of the answer.
pub const PATH: &str = "/api/v1/compliance";

/// How a cluster stands against a framework, control by control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Compliance {
    /// The framework's id.
    pub framework: String,
    /// What it is called in full, without the version.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What to know before relying on it.
    pub note: String,
    /// How the whole of it is met.
    pub score: ComplianceScore,
    /// Its sections, in its own order.
    pub sections: Vec<ComplianceSection>,
}

/// How one section is met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplianceSection {
    /// Its id in the framework.
    pub id: String,
    /// What its controls are about.
    pub title: String,
    /// How the section is met.
    pub score: ComplianceScore,
    /// Its controls.
    pub controls: Vec<ComplianceControl>,
}

/// What is known of one control, and on what evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplianceControl {
    /// Its id in the framework.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// What was concluded.
    pub verdict: ControlVerdict,
    /// Why it is manual, not evaluated or not covered, in words; empty otherwise.
    pub reason: String,
    /// How much of what could answer it did: a check, a report of kube-bench and a person's look each count once.
    pub coverage: Coverage,
    /// How many verdicts its checks gave: with one check the objects that it looked at; one that two looked at counts twice.
    pub evaluated: u32,
    /// How many objects fail.
    pub failed: u32,
    /// They, each once, in order; the first few where all controls are asked for.
    pub failing: Vec<ObjectRef>,
    /// Open findings that count against it.
    pub open: SeverityCounts,
    /// Since when the oldest of them has been open; none where nothing is open, or nothing is stored.
    pub since: Option<DateTime<Utc>>,
    /// What each of its checks concluded.
    pub checks: Vec<CheckEvidence>,
    /// What a report of kube-bench says, where there is one.
    pub kube_bench: Option<BenchEvidence>,
}

/// What one check says of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckEvidence {
    /// The check.
    pub check: String,
    /// The field or value to which the control narrows it.
    pub only: Option<String>,
    /// What it concluded.
    pub verdict: Verdict,
    /// Why it is manual or not evaluated, in words; empty otherwise.
    pub reason: String,
    /// How many objects it looked at.
    pub evaluated: u32,
    /// How many of them failed.
    pub failed: u32,
}

/// What a report of kube-bench says of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BenchEvidence {
    /// What it concluded.
    pub verdict: Verdict,
    /// What it saw, or what to look at.
    pub evidence: String,
    /// When the oldest of the reports was handed in; none where nothing is stored.
    pub received: Option<DateTime<Utc>>,
}

/// What was concluded of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum ControlVerdict {
    /// Everything that answers it does, and nothing is wrong.
    Pass,
    /// At least one of its checks fails.
    Fail,
    /// Nothing is known to be wrong, and the rest only a person can tell.
    Manual,
    /// Nothing is known to be wrong, and something that answers it could not be evaluated.
    NotEvaluated,
    /// All that is wrong is accepted risks.
    Excepted,
    /// Nothing answers it.
    NotCovered,
}

impl ControlVerdict {
    /// In the order in which a page shows them.
    pub const ALL: [Self; 6] = [
        Self::Pass,
        Self::Fail,
        Self::Manual,
        Self::NotEvaluated,
        Self::Excepted,
        Self::NotCovered,
    ];

    /// The word used on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Manual => "manual",
            Self::NotEvaluated => "notEvaluated",
            Self::Excepted => "excepted",
            Self::NotCovered => "notCovered",
        }
    }

    /// The words a person reads.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotEvaluated => "not evaluated",
            Self::NotCovered => "not covered",
            other => other.as_str(),
        }
    }

    /// Whether it is an answer.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Pass | Self::Fail | Self::Excepted)
    }
}

impl From<Verdict> for ControlVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail => Self::Fail,
            Verdict::Manual => Self::Manual,
            Verdict::NotEvaluated => Self::NotEvaluated,
            Verdict::Excepted => Self::Excepted,
        }
    }
}

/// How much of something is decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// How much has an answer.
    pub decided: u32,
    /// How much there is.
    pub total: u32,
}

/// How well a framework, or a section of it, is met. The value never stands without what it rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComplianceScore {
    /// The share of decided controls that are met or excepted, 0 to 100; none where nothing was decided.
    pub value: Option<f32>,
    /// How many of the controls are decided.
    pub coverage: Coverage,
    /// How many controls reached which verdict.
    pub controls: ControlCounts,
}

/// Controls by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ControlCounts {
    /// Passed.
    pub pass: u32,
    /// Failed.
    pub fail: u32,
    /// Left to a person.
    pub manual: u32,
    /// Could not be evaluated.
    pub not_evaluated: u32,
    /// Failing, all accepted.
    pub excepted: u32,
    /// Answered by nothing.
    pub not_covered: u32,
}

impl ControlCounts {
    /// Those of one verdict.
    pub fn of(&self, verdict: ControlVerdict) -> u32 {
        match verdict {
            ControlVerdict::Pass => self.pass,
            ControlVerdict::Fail => self.fail,
            ControlVerdict::Manual => self.manual,
            ControlVerdict::NotEvaluated => self.not_evaluated,
            ControlVerdict::Excepted => self.excepted,
            ControlVerdict::NotCovered => self.not_covered,
        }
    }

    /// The same, to count with.
    pub fn of_mut(&mut self, verdict: ControlVerdict) -> &mut u32 {
        match verdict {
            ControlVerdict::Pass => &mut self.pass,
            ControlVerdict::Fail => &mut self.fail,
            ControlVerdict::Manual => &mut self.manual,
            ControlVerdict::NotEvaluated => &mut self.not_evaluated,
            ControlVerdict::Excepted => &mut self.excepted,
            ControlVerdict::NotCovered => &mut self.not_covered,
        }
    }

    /// All controls.
    pub fn total(&self) -> u32 {
        ControlVerdict::ALL.into_iter().map(|verdict| self.of(verdict)).sum()
    }

    /// The controls with an answer.
    pub fn decided(&self) -> u32 {
        self.pass + self.fail + self.excepted
    }
}

impl From<ControlCounts> for ComplianceScore {
    fn from(controls: ControlCounts) -> Self {
        let coverage = Coverage {
            decided: controls.decided(),
            total: controls.total(),
        };
        let met = controls.pass + controls.excepted;
        Self {
            value: (coverage.decided > 0).then(|| 100.0 * met as f32 / coverage.decided as f32),
            coverage,
            controls,
        }
    }
}
