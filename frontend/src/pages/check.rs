//! One check: what it looks for, why, what it concluded, and what to do.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::checks::{CheckInfo, CheckResult, CheckRow, Scope};
use shared::findings::{FindingPage, FindingQuery, FindingRow};
use shared::page::Stamped;
use shared::snapshots::Collected;
use shared::verdict::Verdict;

use crate::api;
use crate::components::ago::age;
use crate::components::card::Card;
use crate::components::empty::{empty, empty_good};
use crate::components::heading::{PageHead, crumbs};
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::components::severity::{severity, severity_glyph};
use crate::components::table::scroll;
use crate::components::tag::{Tone, tag};
use crate::components::verdict::{verdict, verdict_with};
use crate::format;
use crate::here::{Here, encode, use_here};
use crate::shell::use_frame;

/// How many findings are shown before the way to all.
const SHOWN: u32 = 10;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    let checks = load(move || api::checks::list(here.at()));
    let row = move || {
        checks
            .map(|checks| checks.body.items.iter().find(|row| row.info.id == id.get()).cloned())
            .flatten()
    };
    let findings = load(move || {
        let at = here.at();
        let query = FindingQuery {
            cluster: at.cluster,
            at: at.at,
            check: Some(id.get()),
            limit: Some(SHOWN),
            ..Default::default()
        };
        api::findings::list(&query)
    });
    let title = Signal::derive(move || row().map_or_else(|| id.get(), |row| row.info.title));
    let meta = move || row().map(|row| meta(&row.info));
    view! {
        <PageHead title=title crumbs=crumbs(here, &[("Checks", "/checks")], move || id.get()) meta=meta/>
        {loaded(checks, "checks", || table_skeleton(6), move |checks| match row() {
            Some(row) => body(here, row, checks.as_of.is_some(), findings),
            None => empty("There is no such check", "This release has none of that name.", ()),
        })}
    }
    .into_any()
}

fn meta(info: &CheckInfo) -> AnyView {
    let scope = match info.scope {
        Scope::Object => "judges each object by itself",
        Scope::Namespace => "judges each namespace",
        Scope::Cluster => "judges the cluster as a whole",
    };
    let source = info.source.as_ref().map(|file| format!(", your own, from {file}"));
    view! { <span class="row">{severity(info.severity)}<span>{info.area.title()}", "{scope}{source}</span></span> }
        .into_any()
}

fn body(here: Here, row: CheckRow, read: bool, findings: Load<Stamped<FindingPage>>) -> AnyView {
    let CheckRow { info, result } = row;
    let check = info.id.clone();
    let concluded = result.as_ref().map_or(Verdict::NotEvaluated, |result| result.verdict);
    let text = |id: &'static str, title: &'static str, text: String| {
        view! { <Card id=id title=title><div class="card-body prose"><p>{text}</p></div></Card> }
    };
    view! {
        <div class="grid">
            <div class="stack c8">
                {text("why", "Why it matters", info.rationale.clone())}
                {text("what", "What to do", info.remediation.clone())}
                {loaded(findings, "findings", || table_skeleton(5), move |page| found(here, &check, concluded, page.body.clone()))}
            </div>
            <div class="stack c4">
                {conclusion(read, result)}
                {reads(info.reads)}
                {controls(&info.controls)}
            </div>
        </div>
    }
    .into_any()
}

fn conclusion(read: bool, result: Option<CheckResult>) -> AnyView {
    let body = match result {
        None => {
            let why = match read {
                true => "It was not part of this snapshot.",
                false => "There is no snapshot yet.",
            };
            view! { <p>{verdict(Verdict::NotEvaluated)}</p><p class="note">{why}</p> }.into_any()
        }
        Some(result) => {
            let reason = (!result.reason.is_empty()).then(|| view! { <p class="note">{result.reason.clone()}</p> });
            view! {
                <p>{verdict(result.verdict)}</p>
                {reason}
                {(result.verdict != Verdict::NotEvaluated).then(|| figures(&result))}
            }
            .into_any()
        }
    };
    view! { <Card id="conclusion" title="Verdict"><div class="card-body stack tight-gap">{body}</div></Card> }
        .into_any()
}

fn figures(result: &CheckResult) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"Looked at"</dt>
            <dd>{format::count(result.evaluated, "object", "objects")}</dd>
            <dt>"Failed"</dt>
            <dd>{format::count(result.failed, "object", "objects")}</dd>
        </dl>
    }
    .into_any()
}

/// What it needs to read, and whether that was read.
fn reads(resources: Vec<String>) -> AnyView {
    let frame = use_frame();
    let row = move |resource: String| {
        let name = resource.clone();
        let state = move || {
            let kind = frame
                .overview
                .map(|o| o.body.kinds.iter().find(|k| k.resource == name).cloned())
                .flatten();
            kind.map(|kind| match kind.outcome {
                Collected::Collected { count } => {
                    verdict_with(Verdict::Pass, format::count(count, "object", "objects"))
                }
                Collected::Absent => verdict_with(Verdict::NotEvaluated, "absent"),
                Collected::Skipped { .. } => verdict_with(Verdict::NotEvaluated, "skipped"),
                Collected::Denied { .. } => verdict_with(Verdict::Fail, "denied"),
                Collected::Failed { .. } => verdict_with(Verdict::Fail, "failed"),
            })
        };
        view! { <li><code>{resource}</code>{state}</li> }
    };
    let items = resources.into_iter().map(row).collect_view();
    view! {
        <Card id="reads" title="Reads" note="not evaluated unless all were read">
            <div class="card-body"><ul class="reads">{items}</ul></div>
        </Card>
    }
    .into_any()
}

fn controls(controls: &[shared::checks::Control]) -> Option<AnyView> {
    let tags: Vec<_> = controls
        .iter()
        .map(|control| tag(Tone::Plain, format!("{} {}", control.framework, control.id)))
        .collect();
    let card = |tags| {
        view! { <Card id="controls" title="Frameworks"><div class="card-body"><p class="tags">{tags}</p></div></Card> }
    };
    (!tags.is_empty()).then(|| card(tags).into_any())
}

fn found(here: Here, check: &str, concluded: Verdict, page: FindingPage) -> AnyView {
    if page.items.is_empty() && concluded == Verdict::NotEvaluated {
        let text = "The check was not evaluated, so nothing is known of what it would find.";
        return empty("Findings are unknown", text, ());
    }
    if page.items.is_empty() {
        return empty_good("No open findings", "Its verdict says on what evidence.", ());
    }
    let all = format!("/findings?check={}", encode(check));
    let end =
        view! { <a class="link" href=move || here.link(&all)>{format!("All {}", format::number(page.total))}</a> };
    let rows = page.items.into_iter().map(|row| finding(here, row)).collect_view();
    let table = view! {
        <table class="table list">
            <thead>
                <tr>
                    <th scope="col" class="tight"><span class="sr">"Severity"</span></th>
                    <th scope="col">"Finding"</th>
                    <th scope="col" class="num">"Open"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <Card id="findings" title="Findings" note="worst first" end=end.into_any()>
            {scroll("Findings table", table)}
        </Card>
    }
    .into_any()
}

fn finding(here: Here, row: FindingRow) -> AnyView {
    let to = format!("/findings?check={}&open={}", encode(&row.check), encode(&row.id.0));
    let title = row.title.clone();
    view! {
        <tr>
            <td class="tight">{severity_glyph(row.severity)}</td>
            <td class="clip grow" title=title>
                <a data-row href=move || here.link(&to)>{row.title}<span class="sub mono">{row.object.to_string()}</span></a>
            </td>
            <td class="num">{age(row.since)}</td>
        </tr>
    }
    .into_any()
}
