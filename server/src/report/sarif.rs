//! SARIF 2.1.0. Findings carry their identity as a partial fingerprint, so that services follow them from run to run.

use std::io::{self, Write};
use std::path::Path;

use analysis::finding::Finding;
use serde_json::{Value, json};
use shared::checks::CheckInfo;
use shared::verdict::Severity;

use super::Scan;
use crate::collect::Position;

pub(super) fn write(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<CheckInfo> = scan.report.catalogue.infos().collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Plimsoll",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            }},
            "invocations": [{"executionSuccessful": scan.gap.is_none(), "toolExecutionNotifications": notifications(scan)}],
            "results": scan.report.findings.iter().map(|finding| result(scan, &rules, finding)).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn rule(check: &CheckInfo) -> Value {
    json!({
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.rationale},
        "help": {"text": check.remediation},
        "defaultConfiguration": {"level": level(check.severity)},
        "properties": {"tags": ["security", check.area.as_str()], "security-severity": security_severity(check.severity)},
    })
}

fn result(scan: &Scan, rules: &[CheckInfo], finding: &Finding) -> Value {
    json!({
        "ruleId": finding.check,
        "ruleIndex": rules.iter().position(|rule| rule.id == finding.check),
        "level": level(finding.severity),
        "message": {"text": format!("{}. {}", finding.title, finding.message)},
        "locations": [location(scan, finding)],
        "partialFingerprints": {"plimsollFindingId/v1": finding.id(scan.cluster)},
    })
}

/// The object and, where that is known, the document that it is written in.
fn location(scan: &Scan, finding: &Finding) -> Value {
    let mut location = json!({"logicalLocations": [{
        "fullyQualifiedName": finding.object.to_string(),
        "kind": "resource",
        "name": finding.witness.first().map_or("", |witness| witness.path.as_str()),
    }]});
    if let Some(Position { file, line }) = scan.positions.get(&finding.object) {
        location["physicalLocation"] = json!({"artifactLocation": {"uri": uri(file)}});
        if let Some(line) = line {
            location["physicalLocation"]["region"] = json!({"startLine": line});
        }
    }
    location
}

/// The reference to a file (RFC 3986): relative to where the scan ran, as services expect it, unless it was named absolutely.
fn uri(file: &Path) -> String {
    let mut uri = if file.is_absolute() {
        "file://".to_owned()
    } else {
        String::new()
    };
    let file = file.strip_prefix(".").unwrap_or(file);
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(*byte)),
            other => uri += &format!("%{other:02X}"),
        }
    }
    uri
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_referred_to_from_where_the_scan_ran() {
        assert_eq!(uri("./deploy/a b.yaml".as_ref()), "deploy/a%20b.yaml");
        assert_eq!(uri("c:d.yaml".as_ref()), "c%3Ad.yaml");
        assert_eq!(uri("/srv/ü.yaml".as_ref()), "file:///srv/%C3%BC.yaml");
    }
}
