//! What a scan found, in the formats that people and pipelines read. A format is a file, a variant and an arm here.

mod compliance;
mod json;
mod junit;
mod sarif;
mod table;
pub mod weekly;

use std::collections::BTreeMap;
use std::io::{self, Write};

use analysis::Report;
use analysis::catalogue::Catalogue;
use analysis::check::Check;
use analysis::settings::Settings;
use shared::checks::CheckResult;
use shared::frameworks::Framework;
use shared::ids::ClusterId;
use shared::kube_bench::KubeBenchReport;
use shared::object::ObjectRef;
use shared::score::{Score, SeverityCounts};
use shared::snapshots::KindCoverage;
use shared::verdict::{Severity, Verdict};

use crate::collect::{Collection, Position};

/// The formats of `plimsoll scan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: findings by severity, then what could not be evaluated.
    Table,
    /// Everything, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML: one case for each check.
    Junit,
}

/// What a scan found.
#[derive(Debug)]
pub struct Scan {
    /// The cluster's name.
    pub name: String,
    /// The cluster's id.
    pub cluster: ClusterId,
    /// Findings, worst first, and the checks' results.
    pub report: Report,
    /// How the cluster stands.
    pub score: Score,
    /// How reading each kind ended.
    pub kinds: Vec<KindCoverage>,
    /// Where the objects are written, as far as that is in files.
    pub positions: BTreeMap<ObjectRef, Position>,
    /// What else went wrong on the way.
    pub warnings: Vec<String>,
    /// What kube-bench said of nodes.
    pub kube_bench: Vec<KubeBenchReport>,
    /// Why there may be more than was read; none where all of it was.
    pub gap: Option<String>,
}

impl Scan {
    /// Judges what was collected, by these checks and all of the user's own.
    pub fn new(
        collection: Collection,
        checks: &[&'static Check],
        catalogue: &Catalogue,
        settings: &Settings,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Self {
        let mut report = analysis::run_all(checks, catalogue, &collection.snapshot, settings, now);
        report.findings.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then_with(|| (&a.check, &a.object, &a.subkey).cmp(&(&b.check, &b.object, &b.subkey)))
        });
        Self {
            name: collection.name,
            cluster: collection.id,
            score: report.score(),
            kinds: collection.snapshot.coverage(),
            positions: collection.positions,
            warnings: collection.warnings,
            kube_bench: collection.snapshot.kube_bench,
            gap: collection.snapshot.gap,
            report,
        }
    }

    /// How many findings there are of each severity.
    pub fn counts(&self) -> SeverityCounts {
        let mut counts = SeverityCounts::default();
        for finding in &self.report.findings {
            *counts.of_mut(finding.severity) += 1;
        }
        counts
    }

    /// Why nothing at all could be judged; none where something could.
    pub fn undecided(&self) -> Option<&str> {
        let is_decided = |result: &CheckResult| matches!(result.verdict, Verdict::Pass | Verdict::Fail);
        let results = &self.report.results;
        let first = results.first().filter(|_| !results.iter().any(is_decided))?;
        Some(&first.reason)
    }

    /// The worst severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.report.findings.iter().map(|finding| finding.severity).max()
    }
}

/// Writes a scan: as controls of a framework, where one is given and the format is not of findings or checks only.
///
/// # Errors
/// Those of `out`.
pub fn write(format: Format, scan: &Scan, framework: Option<&Framework>, out: &mut dyn Write) -> io::Result<()> {
    match (format, framework) {
        (Format::Table, None) => table::write(scan, out),
        (Format::Table, Some(framework)) => compliance::write_table(scan, framework, out),
        (Format::Json, None) => json::write(scan, out),
        (Format::Json, Some(framework)) => compliance::write_json(scan, framework, out),
        (Format::Sarif, _) => sarif::write(scan, out),
        (Format::Junit, _) => junit::write(scan, out),
    }
}
