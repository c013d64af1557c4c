//! Checks: what is looked for, and what each concluded.

use leptos::prelude::*;
use shared::checks::CheckRow;
use shared::page::{Page, Stamped};
use shared::score::VerdictCounts;
use shared::verdict::{Area, Verdict};

use crate::api;
use crate::components::chip::chip;
use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::components::icon::{Icon, icon};
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::number_or_unknown;
use crate::components::severity::severity;
use crate::components::split::split;
use crate::components::table::scroll;
use crate::components::tabs::{Tab, tabs};
use crate::components::verdict::{verdict, word};
use crate::format;
use crate::here::{Here, encode, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let checks = load(move || api::checks::list(here.at()));
    let meta = move || {
        let (read, counts) = checks.map(|checks| (checks.as_of.is_some(), count(&checks.body.items)))?;
        if !read {
            let all = checks.map(|checks| checks.body.items.len() as u64)?;
            return Some(format!(
                "{}, none decided before the first snapshot",
                format::count(all, "check", "checks")
            ));
        }
        let undecided = counts.total() - counts.decided();
        let decided = format!(
            "{} of {} decided",
            counts.decided(),
            format::count(counts.total(), "check", "checks")
        );
        Some(if undecided == 0 {
            decided
        } else {
            format!("{decided}, {undecided} undecided")
        })
    };
    view! {
        <PageHead title="Checks" meta=meta/>
        {filters(here)}
        {loaded(checks, "checks", || table_skeleton(12), move |checks| list(here, checks))}
    }
    .into_any()
}

fn filters(here: Here) -> AnyView {
    let typed = move |event| here.set(&[("q", Some(&event_target_value(&event)))]);
    let chips = move || {
        let area = here.param("area").map(|area| chip(here, "area", title(&area)));
        let verdict = here
            .param("verdict")
            .map(|word| chip(here, "verdict", verdict_word(&word)));
        view! { {area}{verdict} }
    };
    let option = move |area: Area| {
        let chosen = move || here.param("area").as_deref() == Some(area.as_str());
        view! { <option value=area.as_str() selected=chosen>{area.title()}</option> }
    };
    let chosen = move |event| here.set(&[("area", Some(&event_target_value(&event)))]);
    view! {
        <div class="filters" role="search" aria-label="Filter checks">
            <label class="find">
                {icon(Icon::Search)}
                <span class="sr">"Filter by text"</span>
                <input
                    class="input"
                    type="search"
                    placeholder="Title, id or control"
                    data-filter
                    prop:value=move || here.param("q").unwrap_or_default()
                    on:change=typed
                />
            </label>
            <select class="select" aria-label="Area" on:change=chosen>
                <option value="" selected=move || here.param("area").is_none()>"All areas"</option>
                {Area::ALL.map(option).collect_view()}
            </select>
            {chips}
        </div>
    }
    .into_any()
}

fn title(area: &str) -> String {
    Area::parse(area).map_or_else(|| area.to_owned(), |area| area.title().to_owned())
}

fn verdict_word(text: &str) -> String {
    Verdict::parse(text).map_or_else(|| text.to_owned(), |verdict| word(verdict).to_lowercase())
}

fn list(here: Here, checks: &Stamped<Page<CheckRow>>) -> AnyView {
    let Filter { area, verdict, text } = Filter::of(here);
    let without_verdict: Vec<CheckRow> = checks
        .body
        .items
        .iter()
        .filter(|row| area.is_none_or(|area| row.info.area == area) && matches(row, &text))
        .cloned()
        .collect();
    let by_verdict = verdict_tabs(here, &without_verdict, verdict);
    let rows: Vec<CheckRow> = without_verdict
        .into_iter()
        .filter(|row| verdict.is_none_or(|verdict| of(row) == verdict))
        .collect();
    let read = checks.as_of.is_some();
    let body = if rows.is_empty() {
        let clear = here.with(&[("area", None), ("verdict", None), ("q", None)]);
        let way_out = view! { <a class="btn" href=clear>"Clear filters"</a> };
        empty("No check matches these filters", "", way_out)
    } else {
        table(here, read, rows)
    };
    view! { {by_verdict}{body} }.into_any()
}

struct Filter {
    area: Option<Area>,
    verdict: Option<Verdict>,
    text: String,
}

impl Filter {
    fn of(here: Here) -> Self {
        Self {
            area: here.param("area").and_then(|word| Area::parse(&word)),
            verdict: here.param("verdict").and_then(|word| Verdict::parse(&word)),
            text: here.param("q").unwrap_or_default().to_lowercase(),
        }
    }
}

fn matches(row: &CheckRow, text: &str) -> bool {
    let control = |control: &shared::checks::Control| format!("{} {}", control.framework, control.id);
    row.info.id.contains(text)
        || row.info.title.to_lowercase().contains(text)
        || row
            .info
            .controls
            .iter()
            .any(|c| control(c).to_lowercase().contains(text))
}

/// What the check concluded; without a snapshot, or in one whose release lacked it, it was not evaluated.
fn of(row: &CheckRow) -> Verdict {
    row.result
        .as_ref()
        .map_or(Verdict::NotEvaluated, |result| result.verdict)
}

fn count(rows: &[CheckRow]) -> VerdictCounts {
    let of = |verdict: Verdict| rows.iter().filter(|row| of(row) == verdict).count() as u32;
    VerdictCounts {
        pass: of(Verdict::Pass),
        fail: of(Verdict::Fail),
        manual: of(Verdict::Manual),
        not_evaluated: of(Verdict::NotEvaluated),
        excepted: of(Verdict::Excepted),
    }
}

fn verdict_tabs(here: Here, rows: &[CheckRow], chosen: Option<Verdict>) -> AnyView {
    let tab = |verdict: Option<Verdict>| Tab {
        href: here.with(&[("verdict", verdict.map(Verdict::as_str))]),
        text: verdict.map_or("All", word).into(),
        count: Some(
            rows.iter()
                .filter(|row| verdict.is_none_or(|verdict| of(row) == verdict))
                .count() as u64,
        ),
        current: chosen == verdict,
    };
    let wanted = |verdict: &Verdict| rows.iter().any(|row| of(row) == *verdict) || chosen == Some(*verdict);
    let all = Verdict::ALL.into_iter().filter(wanted).map(Some);
    tabs("Verdicts", std::iter::once(None).chain(all).map(tab).collect())
}

fn table(here: Here, read: bool, mut rows: Vec<CheckRow>) -> AnyView {
    rows.sort_by_key(|row| (row.info.area, urgency(of(row)), std::cmp::Reverse(row.info.severity)));
    let groups = rows
        .chunk_by(|a, b| a.info.area == b.info.area)
        .map(|rows| view! { {group(rows)}{rows.iter().map(|row| one(here, read, row)).collect_view()} })
        .collect_view();
    let table = view! {
        <table class="table roomy fits">
            <thead>
                <tr>
                    <th scope="col">"Check"</th>
                    <th scope="col" class="wide">"Severity"</th>
                    <th scope="col">"Verdict"</th>
                    <th scope="col" class="num wide">"Evaluated"</th>
                    <th scope="col" class="num">"Failed"</th>
                </tr>
            </thead>
            <tbody>{groups}</tbody>
        </table>
    };
    view! { <section class="card" aria-label="Checks">{scroll("Checks table", table)}</section> }.into_any()
}

/// What needs a person first.
fn urgency(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::NotEvaluated => 1,
        Verdict::Manual => 2,
        Verdict::Excepted => 3,
        Verdict::Pass => 4,
    }
}

fn group(rows: &[CheckRow]) -> AnyView {
    let area = rows.first().map(|row| row.info.area.title());
    view! { <tr class="group"><th scope="rowgroup" colspan="4">{area}</th><td class="wide">{split(&count(rows))}</td></tr> }
        .into_any()
}

fn one(here: Here, read: bool, row: &CheckRow) -> AnyView {
    let id = encode(&row.info.id);
    let (to, findings) = (format!("/checks/{id}"), format!("/findings?check={id}"));
    let result = row.result.clone();
    // What was not evaluated looked at nothing and found nothing out: neither is a zero.
    let known = result.as_ref().filter(|result| result.verdict != Verdict::NotEvaluated);
    let evaluated = number_or_unknown(known.map(|result| result.evaluated));
    let failed = match known.map(|result| result.failed) {
        Some(n) if n > 0 => {
            view! { <a class="link t-fail" href=move || here.link(&findings)>{format::number(n)}</a> }.into_any()
        }
        other => number_or_unknown(other),
    };
    view! {
        <tr>
            <th scope="row" class="title-cell">
                <a data-row href=move || here.link(&to)>
                    <span class="t">{row.info.title.clone()}</span>
                    <span class="sub mono">{row.info.id.clone()}</span>
                </a>
            </th>
            <td class="wide">{severity(row.info.severity)}</td>
            <td class="reason">{verdict_cell(read, result)}</td>
            <td class="num wide">{evaluated}</td>
            <td class="num">{failed}</td>
        </tr>
    }
    .into_any()
}

fn verdict_cell(read: bool, result: Option<shared::checks::CheckResult>) -> AnyView {
    let Some(result) = result else {
        let why = if read {
            "not part of this snapshot"
        } else {
            "no snapshot yet"
        };
        return view! { {verdict(Verdict::NotEvaluated)}<span class="sub reason">{why}</span> }.into_any();
    };
    let reason = (!result.reason.is_empty()).then(|| view! { <span class="sub reason">{result.reason}</span> });
    view! { {verdict(result.verdict)}{reason} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::checks::{CheckInfo, Scope};
    use shared::verdict::Severity;

    #[test]
    fn a_check_without_a_result_is_not_evaluated() {
        let info = CheckInfo {
            id: "c".into(),
            title: "C".into(),
            area: Area::Rbac,
            severity: Severity::Low,
            scope: Scope::Object,
            rationale: String::new(),
            remediation: String::new(),
            reads: Vec::new(),
            controls: Vec::new(),
            source: None,
        };
        let counts = count(&[CheckRow { info, result: None }]);
        assert_eq!((counts.total(), counts.decided(), counts.not_evaluated), (1, 0, 1));
    }
}
