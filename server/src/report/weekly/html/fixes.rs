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
    let rows: String = together(&of.fixes).iter().map(|same| row(of, same, fixes)).collect();
    let name = match of.namespace.as_str() {
        "" => "Not in a namespace".to_owned(),
        name => format!("Namespace <span class=\"o\">{}</span>", escape(name)),
    };
    format!(
        "<section class=\"block\">\n<header class=\"head\"><h3>{name}</h3><p class=\"small\">{}</p></header>\n\
        <table class=\"places\"><thead><tr><th scope=\"col\">What is wrong, by number</th>\
        <th scope=\"col\">Where</th><th scope=\"col\" class=\"num\">Closes</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n\
        </section>\n",
        escape(&words::severities(of.open))
    )
}

/// Fixes of the same objects, which are made at one go.
fn together(fixes: &[NamespaceFix]) -> Vec<Vec<&NamespaceFix>> {
    let mut groups: Vec<Vec<&NamespaceFix>> = Vec::new();
    for fix in fixes {
        match groups.iter_mut().find(|group| group[0].objects == fix.objects) {
            Some(group) => group.push(fix),
            None => groups.push(vec![fix]),
        }
    }
    groups
}

fn row(of: &NamespaceFixes, same: &[&NamespaceFix], fixes: &[ReportFix]) -> String {
    let what = |one: &&NamespaceFix| {
        let fix = fixes.iter().find(|fix| fix.number == one.number);
        let title = fix.map_or("", |fix| &fix.title);
        let number = one.number;
        format!(
            "<p><span class=\"id\">{number}</span> {} {}</p>",
            severity(one.severity),
            escape(title)
        )
    };
    let whats: String = same.iter().map(what).collect();
    let closes: u32 = same.iter().map(|one| one.findings).sum();
    let on = same.first().map_or(&[][..], |first| &first.objects);
    format!(
        "<tr><th scope=\"row\">{whats}</th><td>{}</td><td class=\"num\">{}</td></tr>\n",
        objects(on, NAMED, Some(&of.namespace)),
        words::number(closes)
    )
}
