//! Everything that a scan found, as JSON.

use std::io::{self, Write};

use serde::Serialize;
use shared::checks::CheckResult;
use shared::findings::Witness;
use shared::ids::{ClusterId, FindingId};
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::score::{Score, SeverityCounts};
use shared::snapshots::KindCoverage;
use shared::verdict::Severity;

use super::Scan;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    cluster: ClusterId,
    name: &'a str,
    score: Score,
    open: SeverityCounts,
    findings: Vec<Row<'a>>,
    checks: &'a [CheckResult],
    kinds: &'a [KindCoverage],
    warnings: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    id: FindingId,
    check: &'a str,
    severity: Severity,
    object: &'a ObjectRef,
    title: &'a str,
    message: &'a str,
    witness: &'a [Witness],
    patch: Option<&'a Patch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
}

pub(super) fn write(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    let row = |finding: &'_ analysis::finding::Finding| finding.id(scan.cluster);
    let findings = scan.report.findings.iter().map(|finding| Row {
        id: row(finding),
        check: &finding.check,
        severity: finding.severity,
        object: &finding.object,
        title: &finding.title,
        message: &finding.message,
        witness: &finding.witness,
        patch: finding.patch.as_ref(),
        expected: finding.expected.as_deref(),
    });
    let document = Document {
        cluster: scan.cluster,
        name: &scan.name,
        score: scan.score,
        open: scan.counts(),
        findings: findings.collect(),
        checks: &scan.report.results,
        kinds: &scan.kinds,
        warnings: &scan.warnings,
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
