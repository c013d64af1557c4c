//! SARIF 2.1.0. Findings carry their identity as a partial fingerprint, so that services follow them from run to run.

use std::io::{self, Write};

use analysis::checks::CHECKS;
use analysis::finding::Finding;
use serde_json::{Value, json};
use shared::verdict::Severity;

use super::Scan;

pub(super) fn write(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Plimsoll",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": CHECKS.iter().map(|check| rule(check)).collect::<Vec<_>>(),
            }},
            "invocations": [{"executionSuccessful": scan.gap.is_none(), "toolExecutionNotifications": notifications(scan)}],
            "results": scan.report.findings.iter().map(|finding| result(scan, finding)).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn rule(check: &analysis::check::Check) -> Value {
    json!({
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.rationale},
        "help": {"text": check.remediation},
        "defaultConfiguration": {"level": level(check.severity)},
        "properties": {"tags": ["security", check.area.as_str()], "security-severity": security_severity(check.severity)},
    })
}

fn result(scan: &Scan, finding: &Finding) -> Value {
    json!({
        "ruleId": finding.check,
        "ruleIndex": CHECKS.iter().position(|check| check.id == finding.check),
        "level": level(finding.severity),
        "message": {"text": format!("{}. {}", finding.title, finding.message)},
        "locations": [{"logicalLocations": [{
            "fullyQualifiedName": finding.object.to_string(),
            "kind": "resource",
            "name": finding.witness.first().map_or("", |witness| witness.path.as_str()),
        }]}],
        "partialFingerprints": {"plimsollFindingId/v1": finding.id(scan.cluster)},
    })
}

fn notifications(scan: &Scan) -> Vec<Value> {
    let undecided = scan.report.results.iter().filter(|result| !result.reason.is_empty());
    let undecided = undecided.map(|result| {
        json!({
            "level": "note",
            "message": {"text": result.reason},
            "associatedRule": {"id": result.check},
        })
    });
    let warnings = scan
        .warnings
        .iter()
        .map(|warning| json!({"level": "warning", "message": {"text": warning}}));
    undecided.chain(warnings).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The number by which code scanning services sort.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}
