//! Reports of a framework that are kept, and making one.

use leptos::prelude::*;
use shared::page::Page;
use shared::reports::{NewReport, ReportFormat, ReportQuery, ReportRow};
use shared::tokens::Scope;

use crate::api;
use crate::components::ago::when;
use crate::components::form::{Sending, form_error};
use crate::components::icon::{Icon, icon_small};
use crate::components::load::{Load, load_if, loaded, table_skeleton};
use crate::components::table::scroll;
use crate::components::toast::use_toasts;
use crate::format;
use crate::here::Here;
use crate::shell::use_frame;

/// How many are listed.
const SHOWN: u32 = 12;

/// The card.
pub(super) fn card(here: Here, framework: Memo<Option<String>>) -> AnyView {
    let reports = load_if(move || {
        let query = ReportQuery {
            cluster: here.cluster(),
            framework: Some(framework.get()?),
            cursor: None,
            limit: Some(SHOWN),
        };
        Some(api::reports::list(&query))
    });
    view! {
        <section class="card" aria-labelledby="reports">
            <div class="card-head">
                <h2 id="reports">"Reports"</h2>
                <p>"kept as they were written"</p>
                <div class="end">{make(here, framework, reports)}</div>
            </div>
            {loaded(reports, "reports", || table_skeleton(3), list)}
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
            toasts.say(match made.is_new {
                true => "The report is made",
                false => "There is a report of this snapshot already; it stays as it was written",
            });
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

fn list(page: &Page<ReportRow>) -> AnyView {
    if page.items.is_empty() {
        let text = "None yet. One is made every week, unless the server was told otherwise; or make one now.";
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
    scroll("Reports table", table)
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
