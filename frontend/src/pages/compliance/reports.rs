//! Reports of a framework that are kept, and making one.

use leptos::prelude::*;
use shared::page::Page;
use shared::reports::{MadeReport, NewReport, ReportFormat, ReportQuery, ReportRow, ReportSchedule};
use shared::tokens::Scope;

use crate::api;
use crate::components::ago::when;
use crate::components::form::{Sending, form_error};
use crate::components::icon::{Icon, icon_small};
use crate::components::load::{Load, load, load_if, loaded, table_skeleton};
use crate::components::pager::pager;
use crate::components::table::scroll;
use crate::components::toast::use_toasts;
use crate::format;
use crate::here::Here;
use crate::shell::use_frame;

/// How many are listed at a time.
const SHOWN: u32 = 12;

/// The card.
pub(super) fn card(here: Here, framework: Memo<Option<String>>) -> AnyView {
    let reports = load_if(move || {
        let query = ReportQuery {
            cluster: here.cluster(),
            framework: Some(framework.get()?),
            at: here.instant(),
            cursor: here.param("cursor"),
            limit: Some(SHOWN),
        };
        Some(api::reports::list(&query))
    });
    let schedule = load(api::reports::schedule);
    let every = move || {
        schedule
            .map(|schedule| every(schedule, framework.get().as_deref()))
            .flatten()
    };
    view! {
        <section class="card" aria-labelledby="reports">
            <div class="card-head">
                <h2 id="reports">"Reports"</h2>
                <p>"kept as they were written"</p>
                <div class="end">{make(here, framework, reports)}</div>
            </div>
            {loaded(reports, "reports", || table_skeleton(3), move |page| list(here, every(), page))}
        </section>
    }
    .into_any()
}

/// The button; hidden from those who may not.
fn make(here: Here, framework: Memo<Option<String>>, reports: Load<Page<ReportRow>>) -> AnyView {
    let (frame, toasts, sending) = (use_frame(), use_toasts(), Sending::new());
    let press = move |_| {
        let Some(framework) = framework.get_untracked() else {
            return;
        };
        let at = untrack(|| here.at());
        let new = NewReport {
            framework,
            cluster: at.cluster,
            at: at.at,
        };
        sending.send(api::reports::make(&new), move |made| {
            toasts.say(told(&made));
            reports.reload();
        });
    };
    let offered = move || frame.can(Scope::Ingest) || frame.can(Scope::Admin);
    let button = move || {
        offered().then(|| {
            view! {
                <button type="button" class="btn small" aria-disabled=move || sending.busy().to_string() on:click=press>
                    {icon_small(Icon::Plus)}
                    "Make a report"
                </button>
            }
        })
    };
    view! { {form_error(sending)}{button} }.into_any()
}

/// Of a snapshot there is one report, which may have been written before: its instants tell.
fn told(made: &MadeReport) -> String {
    if made.is_new {
        return "The report is made".into();
    }
    let instant = |at| format::instant(at, made.report.made_at);
    let (taken, written) = (instant(made.report.taken_at), instant(made.report.made_at));
    format!("There is a report of the snapshot of {taken} already, written on {written}; it stays as it is")
}

/// Days between two reports of the framework; none where none is made without being asked for.
fn every(schedule: &ReportSchedule, framework: Option<&str>) -> Option<u32> {
    let is_scheduled = schedule.frameworks.iter().any(|id| framework == Some(id.as_str()));
    schedule.every_days.filter(|_| is_scheduled)
}

/// What is said where there is none.
fn none(every: Option<u32>) -> String {
    match every {
        Some(1) => "None yet. One is made every day; or make one now.".into(),
        Some(7) => "None yet. One is made every week; or make one now.".into(),
        Some(days) => format!("None yet. One is made every {days} days; or make one now."),
        None => "None yet. Of this framework none is made unless asked for.".into(),
    }
}

fn list(here: Here, every: Option<u32>, page: &Page<ReportRow>) -> AnyView {
    if page.items.is_empty() {
        let text = none(every);
        return view! { <div class="card-body"><p class="muted small">{text}</p></div> }.into_any();
    }
    let rows: Vec<AnyView> = page.items.iter().map(row).collect();
    let table = view! {
        <table class="table roomy fits">
            <thead>
                <tr>
                    <th scope="col">"As of"</th>
                    <th scope="col" class="num">"Score"</th>
                    <th scope="col">"Files"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let goes_on = page.next.is_some() || here.param("cursor").is_some();
    let foot = goes_on.then(|| pager(here, page.items.len(), page.total, page.next.clone()));
    view! { {scroll("Reports table", table)}{foot} }.into_any()
}

fn row(report: &ReportRow) -> AnyView {
    let coverage = report.score.coverage;
    let rests = format!("{} of {} decided", coverage.decided, coverage.total);
    let by = match report.made_by.as_str() {
        "schedule" => "scheduled".to_owned(),
        name => format!("asked for by {name}"),
    };
    let number = report.id;
    let files: Vec<_> = ReportFormat::ALL
        .into_iter()
        .map(|format| {
            let to = api::reports::file(report.cluster, report.id, format);
            let word = format.as_str().to_uppercase();
            let kept = format != ReportFormat::Html;
            view! {
                <a class="link" rel="external" href=to target="_blank" download=kept.then_some("")>
                    {word}<span class="sr">{format!(" of report {number}")}</span>
                </a>
                " "
            }
        })
        .collect();
    view! {
        <tr>
            <th scope="row">{when(report.taken_at)}<span class="sub">{by}</span></th>
            <td class="num">{format::score(report.score.value)}<span class="sub">{rests}</span></td>
            <td class="files">{files}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_scheduled_is_promised() {
        let schedule = ReportSchedule {
            every_days: Some(7),
            frameworks: vec!["cis-1.12".into()],
        };
        let told = |framework| none(every(&schedule, framework));
        assert_eq!(
            told(Some("cis-1.12")),
            "None yet. One is made every week; or make one now."
        );
        assert_eq!(
            told(Some("nsa-cisa")),
            "None yet. Of this framework none is made unless asked for."
        );
        assert_eq!(every(&ReportSchedule::default(), Some("cis-1.12")), None);
    }
}
