//! The controls with their evidence, section by section.

use shared::compliance::{CheckEvidence, ComplianceControl, ComplianceSection, Coverage};
use shared::reports::document::{Report, ReportFix};
use shared::verdict::Verdict;

use super::parts::{bar, escape, objects, told, verdict};
use crate::report::weekly::words;

/// How many failing objects of a control are named.
const NAMED: usize = 12;

/// This part of the report.
pub(super) fn part(report: &Report) -> String {
    let sections = report.sections.iter();
    let sections: String = sections.map(|of| section(of, &report.fixes)).collect();
    format!("<section class=\"part\">\n<h2>Controls and their evidence</h2>\n{sections}</section>\n")
}

fn section(section: &ComplianceSection, fixes: &[ReportFix]) -> String {
    let rows = section.controls.chunk_by(is_same);
    let rows: String = rows.map(|controls| row(controls, fixes)).collect();
    let title = match section.title.as_str() {
        "" => escape(&section.id),
        title => format!("<span class=\"id\">{}</span> {}", escape(&section.id), escape(title)),
    };
    format!(
        "<section class=\"block\">\n<header class=\"head\"><h3>{title}</h3><p class=\"small\">{}</p>{}</header>\n\
        <table class=\"controls\"><thead><tr><th scope=\"col\">Control</th><th scope=\"col\">Verdict</th>\
        <th scope=\"col\">Evidence</th><th scope=\"col\" class=\"num\">Coverage</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n\
        </section>\n",
        told(&section.score.controls),
        bar(&section.score.controls, "thin")
    )
}

/// Whether nothing is known of either, for the same reason: then they share a row.
fn is_same(one: &ComplianceControl, other: &ComplianceControl) -> bool {
    let nothing = |control: &ComplianceControl| !control.verdict.is_decided() && control.coverage.decided == 0;
    let of = |control: &ComplianceControl| (control.verdict, control.reason.clone(), control.coverage);
    nothing(one) && nothing(other) && of(one) == of(other)
}

/// A control, or several that share a row.
fn row(controls: &[ComplianceControl], fixes: &[ReportFix]) -> String {
    let Some(first) = controls.first() else {
        return String::new();
    };
    let name = |control: &ComplianceControl| {
        let (id, title) = (escape(&control.id), escape(&control.title));
        match id == title {
            true => title,
            false => format!("<span class=\"id\">{id}</span> {title}"),
        }
    };
    let (verdict, coverage) = (verdict(first.verdict), coverage(first.coverage));
    if controls.len() > 1 {
        let names: String = controls.iter().map(|of| format!("<li>{}</li>", name(of))).collect();
        let why = evidence(first, fixes).join(" ");
        return format!(
            "<tr><td colspan=\"3\" class=\"many\"><p>{verdict} {why}</p><ul>{names}</ul></td><td class=\"num\">{coverage}</td></tr>\n"
        );
    }
    let evidence = evidence(first, fixes);
    let evidence: String = evidence.iter().map(|line| format!("<p>{line}</p>")).collect();
    format!(
        "<tr><th scope=\"row\">{}</th><td class=\"nowrap\">{verdict}</td><td>{evidence}</td><td class=\"num\">{coverage}</td></tr>\n",
        name(first)
    )
}

/// Of how many that could answer, how many did.
fn coverage(coverage: Coverage) -> String {
    match coverage.total {
        0 => "\u{2013}".into(),
        total => format!("{} of {total}", coverage.decided),
    }
}

/// What the verdict rests on, line by line.
fn evidence(control: &ComplianceControl, fixes: &[ReportFix]) -> Vec<String> {
    let failed = of_verdict(control, Verdict::Fail).map(|check| failed(check, fixes));
    let mut lines: Vec<String> = failed.collect();
    if !control.failing.is_empty() {
        lines.push(objects(&control.failing, NAMED, None));
    }
    lines.extend(passed(control));
    if let Some(bench) = &control.kube_bench {
        let received = bench.received.map(words::day);
        let received = received.map_or_else(String::new, |day| format!(" (handed in on {day})"));
        lines.push(format!("kube-bench: {}{received}", escape(&bench.evidence)));
    }
    if !control.reason.is_empty() {
        lines.push(escape(&control.reason));
    }
    lines
}

fn of_verdict(control: &ComplianceControl, verdict: Verdict) -> impl Iterator<Item = &CheckEvidence> {
    control.checks.iter().filter(move |check| check.verdict == verdict)
}

/// A check that fails, by its title: it has findings, so it is among those that there is a fix for.
fn failed(check: &CheckEvidence, fixes: &[ReportFix]) -> String {
    let fix = fixes.iter().find(|fix| fix.check == check.check);
    let title = fix.map_or(check.check.as_str(), |fix| &fix.title);
    format!(
        "{}: <b>{} of {}</b>",
        escape(title),
        words::number(check.failed),
        words::number(check.evaluated.max(check.failed))
    )
}

/// What was looked at and found in order.
fn passed(control: &ComplianceControl) -> Option<String> {
    let passed: Vec<&CheckEvidence> = of_verdict(control, Verdict::Pass).collect();
    let verdicts: u32 = passed.iter().map(|check| check.evaluated).sum();
    let checks = u32::try_from(passed.len()).unwrap_or(u32::MAX);
    // Several may have looked at the same objects.
    let looked = match checks {
        0 => return None,
        1 => format!("1 check looked at {}", words::count(verdicts, "object", "objects")),
        checks => format!(
            "{} checks gave {}",
            words::number(checks),
            words::count(verdicts, "verdict", "verdicts")
        ),
    };
    Some(format!("{looked} and found nothing."))
}
