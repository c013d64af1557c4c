//! The executive page: where we stand, what moved and why, what to decide.

use chrono::{DateTime, Utc};
use shared::reports::document::{ControlMove, Decision, Moved, Report, Told};

use super::parts::{bar, escape, legend, objects, severity, verdict};
use crate::report::weekly::words;

/// How many objects of a decision are named.
const NAMED: usize = 3;

/// The page.
pub(super) fn page(report: &Report) -> String {
    format!(
        "{}<section class=\"front\">\n<h1>{}</h1>\n{}{}{}{}{}{}</section>\n",
        mast(report),
        escape(&words::headline(report)),
        figures(report),
        bar(&report.score.controls, "big"),
        legend(&report.score.controls),
        paragraph(&words::standing(report)),
        moved(report),
        decide(report)
    )
}

fn mast(report: &Report) -> String {
    let framework = &report.framework;
    let period = match &report.moved {
        Some(moved) => format!("{} to {}", words::day(moved.since), words::day(report.taken_at)),
        None => words::day(report.taken_at),
    };
    format!(
        "<header class=\"mast\"><svg class=\"mark\" aria-hidden=\"true\"><use href=\"#mark\"/></svg>\
        <p><b>{}</b>{} {}</p><p class=\"period\">{period}</p></header>\n",
        escape(&report.cluster.name),
        escape(&framework.title),
        escape(&framework.version)
    )
}

/// The numbers to remember; the score beside what it rests on.
fn figures(report: &Report) -> String {
    let figure = |label: &str, value: &str, note: &str| {
        format!("<div><dt>{label}</dt><dd>{value}<small>{note}</small></dd></div>")
    };
    let coverage = report.score.coverage;
    let (score, of) = match report.score.value {
        Some(value) => (words::score(value), "of 100"),
        None => ("\u{2013}".to_owned(), "nothing decided"),
    };
    let then = report.moved.as_ref().and_then(|moved| moved.score.value);
    let then = then.map_or_else(String::new, |then| format!(", {} then", words::score(then)));
    let worst = words::severities(report.open);
    let flow = report.moved.as_ref().map_or_else(String::new, |moved| {
        let (opened, closed) = (moved.opened.findings.total(), moved.closed.findings.total());
        figure(
            "Opened since",
            &words::number(opened),
            &format!("{} closed", words::number(closed)),
        )
    });
    format!(
        "<dl class=\"figures\">{}{}{}{flow}</dl>\n",
        figure("Score", &score, &format!("{of}{then}")),
        figure(
            "Rests on",
            &words::number(coverage.decided),
            &format!("of {}", words::count(coverage.total, "control", "controls"))
        ),
        figure("Open findings", &words::number(report.open.total()), &worst)
    )
}

fn paragraph(sentences: &[String]) -> String {
    format!("<p>{}</p>\n", escape(&sentences.join(" ")))
}

fn moved(report: &Report) -> String {
    let Some(moved) = &report.moved else {
        let text = "There is nothing to compare with yet: this is the first look that is kept.";
        return format!("<h2>What moved</h2>\n<p>{text}</p>\n");
    };
    format!(
        "<h2>What moved since {}</h2>\n{}{}{}",
        escape(&words::since(moved)),
        paragraph(&words::moved(report, moved)),
        controls(&moved.controls),
        findings(moved)
    )
}

/// Controls of which something else is concluded.
fn controls(moves: &[ControlMove]) -> String {
    if moves.is_empty() {
        return "<p>Every control is judged as it was then.</p>\n".into();
    }
    let row = |moved: &ControlMove| {
        let from = moved.from.map_or_else(|| "new".to_owned(), verdict);
        format!(
            "<tr><th scope=\"row\"><span class=\"id\">{}</span> {}</th><td class=\"nowrap\">{from}</td>\
            <td class=\"nowrap\">{}</td><td>{}</td></tr>\n",
            escape(&moved.id),
            escape(&moved.title),
            verdict(moved.to),
            escape(&moved.why)
        )
    };
    let rows: String = moves.iter().map(row).collect();
    format!(
        "<table class=\"moves\"><thead><tr><th scope=\"col\">Control</th><th scope=\"col\">Was</th><th scope=\"col\">Is</th>\
        <th scope=\"col\">Why</th></tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
    )
}

/// The worst that came, and that went.
fn findings(moved: &Moved) -> String {
    let list = |title: &str, worst: &[Told], total: u32| {
        if worst.is_empty() {
            return String::new();
        }
        let items: String = worst
            .iter()
            .map(|told| {
                let (severity, title) = (severity(told.severity), escape(&told.title));
                format!(
                    "<li>{severity} {title} <span class=\"o\">{}</span></li>\n",
                    escape(&told.object.to_string())
                )
            })
            .collect();
        let more = match total as usize - worst.len().min(total as usize) {
            0 => String::new(),
            more => format!("<p class=\"small\">and {more} more</p>"),
        };
        format!("<div><h3>{title}</h3><ul class=\"told\">\n{items}</ul>{more}</div>\n")
    };
    format!(
        "<div class=\"flow\">\n{}{}</div>\n",
        list(
            "The worst that were opened",
            &moved.opened.worst,
            moved.opened.findings.total()
        ),
        list(
            "The worst that were closed",
            &moved.closed.worst,
            moved.closed.findings.total()
        )
    )
}

fn decide(report: &Report) -> String {
    if report.decide.is_empty() {
        return "<h2>To decide</h2>\n<p>Nothing that was found needs a decision.</p>\n".into();
    }
    let items: String = report
        .decide
        .iter()
        .map(|decision| decision_item(decision, report.taken_at))
        .collect();
    format!("<section class=\"decide\"><h2>To decide this week</h2>\n<ol>\n{items}</ol></section>\n")
}

fn decision_item(decision: &Decision, now: DateTime<Utc>) -> String {
    let on = match decision.objects.len() {
        1 => String::new(),
        many => format!(" on {many} objects"),
    };
    let since = decision
        .since
        .map_or_else(String::new, |since| match (now - since).num_days() {
            0 => ", new today".to_owned(),
            1 => ", open for a day".to_owned(),
            days => format!(", the oldest open for {days} days"),
        });
    format!(
        "<li><h3>{} {}</h3>\n<p>{}</p>\n<p><b>What to do.</b> {}</p>\n<p class=\"small\">{}{on}: {}{since}. Counts against {}.</p></li>\n",
        severity(decision.severity),
        escape(&decision.title),
        escape(&decision.why),
        escape(&decision.fix),
        words::count(decision.findings, "finding", "findings"),
        objects(&decision.objects, NAMED, None),
        escape(&words::list(&decision.controls))
    )
}
