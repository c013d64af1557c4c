//! The posture score. Formula: docs/score.md.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The load line: a cluster whose score is below sits too deep.
pub const LOAD_LINE: f32 = 70.0;

/// How well a cluster, or an area of it, stands; never shown without its range and evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// 0 to 100 over the decided checks; none where nothing was decided.
    pub value: Option<f32>,
    /// The score if every undecided check failed wholly.
    pub low: f32,
    /// The score if every undecided check passed.
    pub high: f32,
    /// The share of weight that is decided, 0 to 1.
    pub evidence: f32,
    /// How many checks reached which verdict.
    pub verdicts: VerdictCounts,
}

/// Checks by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerdictCounts {
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
}

impl VerdictCounts {
    /// All checks.
    pub fn total(&self) -> u32 {
        self.pass + self.fail + self.manual + self.not_evaluated + self.excepted
    }

    /// The checks with an answer.
    pub fn decided(&self) -> u32 {
        self.pass + self.fail + self.excepted
    }
}

/// Open findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeverityCounts {
    /// Critical.
    pub critical: u32,
    /// High.
    pub high: u32,
    /// Medium.
    pub medium: u32,
    /// Low.
    pub low: u32,
}

impl SeverityCounts {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.critical + self.high + self.medium + self.low
    }

    /// Those of one severity.
    pub fn of(&self, severity: crate::verdict::Severity) -> u32 {
        use crate::verdict::Severity;
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        }
    }

    /// The same, to count with.
    pub fn of_mut(&mut self, severity: crate::verdict::Severity) -> &mut u32 {
        use crate::verdict::Severity;
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
        }
    }
}
