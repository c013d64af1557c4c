//! The nine areas.

use leptos::prelude::*;
use shared::overview::{AreaRow, Overview};
use shared::score::{SeverityCounts, VerdictCounts};
use shared::verdict::Severity;

use super::window::Window;
use crate::chart::spark;
use crate::components::card::Card;
use crate::components::delta::{Better, delta};
use crate::components::link::{count_link, link};
use crate::components::severity::severity_with;
use crate::components::split::split;
use crate::components::table::scroll;
use crate::format;
use crate::here::Here;

/// Each area with its score, its checks by verdict, and its open findings.
pub(super) fn areas(here: Here, window: Window, overview: &Overview) -> AnyView {
    let rows: Vec<_> = overview.areas.iter().map(|area| row(here, area)).collect();
    let table = view! {
        <table class="table areas">
            {head(window)}
            <tbody>{rows}</tbody>
            <tfoot>{all(here, overview)}</tfoot>
        </table>
    };
    view! {
        <Card id="areas" class="c8 fill" title="Nine areas" end=legend()>
            {scroll("Posture by area", table)}
        </Card>
    }
    .into_any()
}

fn legend() -> AnyView {
    view! {
        <div class="legend">
            <span><i class="k-pass"></i>"Pass"</span>
            <span><i class="k-fail"></i>"Fail"</span>
            <span><i class="k-manual"></i>"Manual"</span>
            <span><i class="k-unknown"></i>"Not evaluated"</span>
        </div>
    }
    .into_any()
}

fn head(window: Window) -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">"Area"</th>
                <th scope="col" class="num">"Score"</th>
                <th scope="col">"90 days"</th>
                <th scope="col" class="num">{window.short()}</th>
                <th scope="col">"Checks"</th>
                <th scope="col" class="num">"Pass"</th>
                <th scope="col" class="num">"Fail"</th>
                <th scope="col" class="num"><abbr title="Manual">"Man."</abbr></th>
                <th scope="col" class="num"><abbr title="Not evaluated">"N/E"</abbr></th>
                <th scope="col" class="num">"Open"</th>
                <th scope="col" class="tight">"Worst"</th>
            </tr>
        </thead>
    }
    .into_any()
}

fn row(here: Here, row: &AreaRow) -> AnyView {
    let area = row.area.as_str();
    let findings = format!("/findings?area={area}");
    let name = link(here, "", format!("/checks?area={area}"), row.area.title());
    let range = format!(
        "{} to {} possible",
        format::score(Some(row.score.low)),
        format::score(Some(row.score.high))
    );
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="num" title=range><b>{format::score(row.score.value)}</b></td>
            <td>{spark(&row.history)}</td>
            <td class="num">{change(row.score.value, row.before)}</td>
            {verdicts(here, &row.score.verdicts, &format!("area={area}&"))}
            <td class="num">{count_link(here, "", row.open.total(), findings.clone())}</td>
            <td class="tight">{worst(here, &row.open, &findings)}</td>
        </tr>
    }
    .into_any()
}

fn all(here: Here, overview: &Overview) -> AnyView {
    let before = overview.before.as_ref().and_then(|before| before.score);
    view! {
        <tr>
            <th scope="row">"All"</th>
            <td class="num"><b>{format::score(overview.score.value)}</b></td>
            <td></td>
            <td class="num">{change(overview.score.value, before)}</td>
            {verdicts(here, &overview.score.verdicts, "")}
            <td class="num">{count_link(here, "", overview.open.total(), "/findings")}</td>
            <td></td>
        </tr>
    }
    .into_any()
}

fn change(now: Option<f32>, before: Option<f32>) -> AnyView {
    match now.zip(before) {
        Some((now, before)) => delta(now - before, Better::Up),
        None => view! { <span class="zero" title="not known then">"–"</span> }.into_any(),
    }
}

/// The bar and the four numbers, each leading to its checks.
fn verdicts(here: Here, counts: &VerdictCounts, of: &str) -> AnyView {
    let cell = |class: &'static str, n: u32, verdict: &str| {
        let to = format!("/checks?{of}verdict={verdict}");
        view! { <td class="num">{count_link(here, class, n, to)}</td> }
    };
    view! {
        <td class="bar">{split(counts)}</td>
        {cell("", counts.pass, "pass")}
        {cell("t-fail", counts.fail, "fail")}
        {cell("t-manual", counts.manual, "manual")}
        {cell("", counts.not_evaluated, "notEvaluated")}
    }
    .into_any()
}

fn worst(here: Here, open: &SeverityCounts, findings: &str) -> AnyView {
    match Severity::ALL.into_iter().find(|severity| open.of(*severity) > 0) {
        Some(severity) => {
            let word = severity.as_str();
            let text = severity_with(severity, format!("{} {word}", format::number(open.of(severity))));
            link(here, "", format!("{findings}&severity={word}"), text)
        }
        None => view! { <span class="zero">"none"</span> }.into_any(),
    }
}
