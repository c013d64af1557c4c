//! A scan by the controls of a framework.

use std::io::{self, Write};

use analysis::framework::{Evidence, bench_evidence, evaluate};
use shared::compliance::{
    CheckEvidence, Compliance, ComplianceControl, ComplianceScore, ComplianceSection, ControlVerdict,
};
use shared::frameworks::Framework;
use shared::verdict::Verdict;

use super::Scan;
use super::table::plain;

/// How many failing objects of a control a table names.
const NAMED: usize = 3;

fn compliance(scan: &Scan, framework: &Framework) -> Compliance {
    let evidence = Evidence {
        kube_bench: bench_evidence(framework, &scan.kube_bench),
        ..Evidence::from(&scan.report)
    };
    evaluate(framework, &evidence)
}

/// All of it, for programs.
pub(super) fn write_json(scan: &Scan, framework: &Framework, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &compliance(scan, framework))?;
    writeln!(out)
}

/// Controls by section, each with its evidence, for people.
pub(super) fn write_table(scan: &Scan, framework: &Framework, out: &mut dyn Write) -> io::Result<()> {
    let compliance = compliance(scan, framework);
    writeln!(out, "{} {}", plain(&compliance.title), plain(&compliance.version))?;
    if !compliance.note.is_empty() {
        writeln!(out, "{}", plain(&compliance.note))?;
    }
    let ids = framework.controls().map(|control| control.id.chars().count());
    let width = ids.max().unwrap_or_default();
    for of_section in &compliance.sections {
        section(of_section, width, out)?;
    }
    for warning in &scan.warnings {
        writeln!(out, "warning: {}", plain(warning))?;
    }
    summary(&scan.name, &compliance.score, out)
}

fn section(section: &ComplianceSection, width: usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\n{} {}: {}",
        plain(&section.id),
        plain(&section.title),
        counts(&section.score)
    )?;
    for control in &section.controls {
        let (verdict, id) = (control.verdict.words(), plain(&control.id));
        writeln!(out, "{verdict:<13}  {id:<width$}  {}", plain(&control.title))?;
        for line in evidence(control) {
            writeln!(out, "{:<13}  {:<width$}    {}", "", "", plain(&line))?;
        }
    }
    Ok(())
}

/// `5 pass, 1 not evaluated`.
fn counts(score: &ComplianceScore) -> String {
    let counted = ControlVerdict::ALL.map(|verdict| (score.controls.of(verdict), verdict.words()));
    let some = counted.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = some.map(|(count, words)| format!("{count} {words}")).collect();
    words.join(", ")
}

/// What a control's verdict rests on, line by line.
fn evidence(control: &ComplianceControl) -> Vec<String> {
    let mut lines: Vec<String> = of_verdict(control, Verdict::Fail)
        .map(|check| format!("{}: {} of {} fail", named(check), check.failed, check.evaluated))
        .collect();
    lines.extend(objects(control));
    let passed = of_verdict(control, Verdict::Pass).count();
    if passed > 0 {
        let verdicts: u32 = of_verdict(control, Verdict::Pass).map(|check| check.evaluated).sum();
        let total = control.checks.len();
        // Several may have looked at the same objects.
        lines.push(match passed {
            1 => format!("1 of {total} checks passes, on {verdicts} objects"),
            _ => format!("{passed} of {total} checks pass, with {verdicts} verdicts"),
        });
    }
    if let Some(report) = &control.kube_bench {
        let verdict = ControlVerdict::from(report.verdict).words();
        lines.push(format!("kube-bench: {verdict}: {}", report.evidence));
    }
    if !control.reason.is_empty() {
        lines.push(control.reason.clone());
    }
    let coverage = control.coverage;
    if coverage.decided > 0 && coverage.decided < coverage.total {
        lines.push(format!("{} of {} answers are there", coverage.decided, coverage.total));
    }
    lines
}

/// A check as a framework's file names it: `host-namespace-shared/hostPID`.
fn named(check: &CheckEvidence) -> String {
    match &check.only {
        Some(only) => format!("{}/{only}", check.check),
        None => check.check.clone(),
    }
}

fn of_verdict(control: &ComplianceControl, verdict: Verdict) -> impl Iterator<Item = &CheckEvidence> {
    control.checks.iter().filter(move |check| check.verdict == verdict)
}

/// The first objects that fail, and how many more there are.
fn objects(control: &ComplianceControl) -> Option<String> {
    let named: Vec<String> = control.failing.iter().take(NAMED).map(ToString::to_string).collect();
    let more = control.failing.len().saturating_sub(NAMED);
    match (named.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(named.join(", ")),
        (false, more) => Some(format!("{} and {more} more", named.join(", "))),
    }
}

fn summary(name: &str, score: &ComplianceScore, out: &mut dyn Write) -> io::Result<()> {
    let total = score.coverage.total;
    writeln!(out, "\n{}: {} of {total} controls", plain(name), counts(score))?;
    let decided = score.coverage.decided;
    match score.value {
        Some(value) => writeln!(
            out,
            "score {value:.0} of 100, which rests on {decided} of {total} controls"
        ),
        None => writeln!(out, "no score: nothing could be decided"),
    }
}
