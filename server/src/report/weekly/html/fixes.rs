//! What would close the findings, and where.

use shared::reports::document::{NamespaceFix, NamespaceFixes, Report, ReportFix};

use super::parts::{escape, objects, severity};
use crate::report::weekly::words;

/// How many objects of a fix are named in a namespace.
const NAMED: usize = 10;

/// This part of the report.
pub(super) fn part(report: &Report) -> String {
    if report.fixes.is_empty() {
        return String::new();
    }
    let fixes: String = report.fixes.iter().map(fix).collect();
    let namespaces: String = report
        .namespaces
        .iter()
        .map(|of| namespace(of, &report.fixes))
        .collect();
    format!(
        "<section class=\"part\">\n<h2>What to fix</h2>\n\
        <table class=\"fixes\"><thead><tr><th scope=\"col\" class=\"num\">No.</th><th scope=\"col\">What is wrong</th>\
        <th scope=\"col\">What to do</th><th scope=\"col\" class=\"num\">Closes</th></tr></thead>\n<tbody>\n{fixes}</tbody></table>\n\
        </section>\n<section class=\"part\">\n<h2>Fixes by namespace</h2>\n\
        <p>The numbers are those of the fixes above.</p>\n{namespaces}</section>\n"
    )
}

fn fix(fix: &ReportFix) -> String {
    format!(
        "<tr><td class=\"num\">{}</td><th scope=\"row\">{}<br>{}<p class=\"small\">{}</p></th><td>{}</td><td class=\"num\">{}</td></tr>\n",
        fix.number,
        severity(fix.severity),
        escape(&fix.title),
        escape(&words::list(&fix.controls)),
        escape(&fix.remediation),
        words::number(fix.findings)
    )
}

fn namespace(of: &NamespaceFixes, fixes: &[ReportFix]) -> String {
    let rows: String = of.fixes.iter().map(|one| row(one, fixes)).collect();
    let name = match of.namespace.as_str() {
        "" => "Not in a namespace".to_owned(),
        name => format!("Namespace <span class=\"o\">{}</span>", escape(name)),
    };
    format!(
        "<section class=\"block\">\n<header class=\"head\"><h3>{name}</h3><p class=\"small\">{}</p></header>\n\
        <table class=\"places\"><thead><tr><th scope=\"col\" class=\"num\">No.</th><th scope=\"col\">What is wrong</th>\
        <th scope=\"col\">Where</th><th scope=\"col\" class=\"num\">Closes</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n\
        </section>\n",
        escape(&words::severities(of.open))
    )
}

fn row(one: &NamespaceFix, fixes: &[ReportFix]) -> String {
    let fix = fixes.iter().find(|fix| fix.number == one.number);
    let what = fix.map_or_else(String::new, |fix| {
        format!("{} {}", severity(fix.severity), escape(&fix.title))
    });
    format!(
        "<tr><td class=\"num\">{}</td><th scope=\"row\">{what}</th><td>{}</td><td class=\"num\">{}</td></tr>\n",
        one.number,
        objects(&one.objects, NAMED),
        words::number(one.findings)
    )
}
