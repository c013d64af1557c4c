//! A scan for people.

use std::io::{self, Write};

use shared::verdict::{Severity, Verdict};

use super::Scan;

pub(super) fn write(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    for severity in Severity::ALL {
        findings(scan, severity, out)?;
    }
    undecided(scan, out)?;
    unread(scan, out)?;
    for warning in &scan.warnings {
        writeln!(out, "warning: {}", plain(warning))?;
    }
    summary(scan, out)
}

/// Names come from whoever wrote the manifest: they move no cursor, and end no line to forge another.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn findings(scan: &Scan, severity: Severity, out: &mut dyn Write) -> io::Result<()> {
    for finding in scan
        .report
        .findings
        .iter()
        .filter(|finding| finding.severity == severity)
    {
        writeln!(out, "{:<8}  {}", severity.as_str(), plain(&finding.title))?;
        writeln!(
            out,
            "          {}  [{}]",
            plain(&finding.object.to_string()),
            finding.check
        )?;
        if let Some(why) = &finding.expected {
            writeln!(out, "          expected: {}", plain(why))?;
        }
        for witness in &finding.witness {
            writeln!(out, "          {}: {}", plain(&witness.path), witness.value)?;
        }
    }
    Ok(())
}

fn undecided(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    let rows = scan.report.results.iter().filter(|result| !result.reason.is_empty());
    for (place, result) in rows.enumerate() {
        if place == 0 {
            writeln!(out, "\nNot decided:")?;
        }
        let word = if result.verdict == Verdict::Manual {
            "manual"
        } else {
            "not evaluated"
        };
        let check = scan.report.catalogue.named(&result.check);
        let title = plain(check.map_or(result.check.as_str(), |check| check.title));
        writeln!(out, "  {title} ({word}): {}", plain(&result.reason))?;
    }
    Ok(())
}

fn unread(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    let rows = scan
        .kinds
        .iter()
        .filter(|kind| matches!(kind.outcome.word(), "denied" | "failed"));
    for (place, kind) in rows.enumerate() {
        if place == 0 {
            writeln!(out, "\nNot read:")?;
        }
        writeln!(
            out,
            "  {} ({}): {}",
            kind.resource,
            kind.outcome.word(),
            kind.outcome.reason()
        )?;
    }
    Ok(())
}

fn summary(scan: &Scan, out: &mut dyn Write) -> io::Result<()> {
    let (counts, score) = (scan.counts(), scan.score);
    writeln!(
        out,
        "\n{}: {} critical, {} high, {} medium, {} low; {} of {} checks decided",
        scan.name,
        counts.critical,
        counts.high,
        counts.medium,
        counts.low,
        score.verdicts.decided(),
        score.verdicts.total(),
    )?;
    match score.value {
        Some(value) => writeln!(
            out,
            "score {value:.0} of 100 ({:.0} to {:.0} possible)",
            score.low, score.high
        ),
        None => writeln!(out, "no score: nothing could be decided"),
    }
}
