//! What could not be evaluated, and why.

use shared::compliance::ControlVerdict;
use shared::reports::document::{Gap, Report, Unanswered};
use shared::snapshots::KindCoverage;

use super::parts::{escape, verdict};
use crate::report::weekly::words;

/// This part of the report.
pub(super) fn part(report: &Report) -> String {
    let Unanswered { kinds, gaps, warnings } = &report.unknown;
    let body = match gaps.is_empty() && kinds.is_empty() && warnings.is_empty() {
        true => "<p>Everything could be evaluated.</p>\n".to_owned(),
        false => [unread(kinds), of_gaps(gaps), warned(warnings)].concat(),
    };
    format!("<section class=\"part\">\n<h2>What could not be evaluated</h2>\n{body}</section>\n")
}

/// Kinds that could not be read.
fn unread(kinds: &[KindCoverage]) -> String {
    let item = |kind: &KindCoverage| {
        format!(
            "<li><span class=\"o\">{}</span> ({}): {}</li>\n",
            escape(&kind.resource),
            kind.outcome.word(),
            escape(kind.outcome.reason())
        )
    };
    list(
        "Kinds of objects that could not be read",
        kinds.iter().map(item).collect(),
    )
}

fn warned(warnings: &[String]) -> String {
    let item = |warning: &String| format!("<li>{}</li>\n", escape(warning));
    list("What went wrong while reading", warnings.iter().map(item).collect())
}

fn list(title: &str, items: String) -> String {
    match items.is_empty() {
        true => String::new(),
        false => format!("<h3>{title}</h3>\n<ul class=\"plain\">\n{items}</ul>\n"),
    }
}

fn of_gaps(gaps: &[Gap]) -> String {
    let of = |wanted: ControlVerdict| {
        let rows: String = gaps.iter().filter(|gap| gap.verdict == wanted).map(row).collect();
        match rows.is_empty() {
            true => String::new(),
            false => table(wanted, &rows),
        }
    };
    ControlVerdict::ALL.map(of).concat()
}

fn table(of: ControlVerdict, rows: &str) -> String {
    let why = match of {
        ControlVerdict::Manual => "What a person must look at",
        _ => "Why",
    };
    format!(
        "<section class=\"block\">\n<header class=\"head\"><h3>{}</h3></header>\n\
        <table class=\"gaps\"><thead><tr><th scope=\"col\">Controls</th><th scope=\"col\">{why}</th></tr></thead>\n<tbody>\n{rows}\
        </tbody></table>\n</section>\n",
        verdict(of)
    )
}

/// One control by its title; many by their numbers.
fn row(gap: &Gap) -> String {
    let controls = match gap.controls.as_slice() {
        [only] => format!("<span class=\"id\">{}</span> {}", escape(&only.id), escape(&only.title)),
        many => {
            let ids: Vec<String> = many.iter().map(|control| control.id.clone()).collect();
            escape(&words::list(&ids))
        }
    };
    format!(
        "<tr><th scope=\"row\">{controls}</th><td>{}</td></tr>\n",
        escape(&gap.reason)
    )
}
