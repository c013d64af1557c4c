//! One control: what was concluded, on what evidence, and since when.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::checks::CheckRow;
use shared::compliance::history::{ControlHistory, VerdictSpan};
use shared::compliance::query::{ComplianceQuery, HistoryQuery};
use shared::compliance::{CheckEvidence, Compliance, ComplianceControl};
use shared::object::ObjectRef;
use shared::verdict::Verdict;

use super::parts::{control_verdict, fill, looked_at, not_read, word};
use crate::api;
use crate::components::ago::when;
use crate::components::card::Card;
use crate::components::empty::{empty, empty_good};
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon_small};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::number::number_or_unknown;
use crate::components::object::object_link;
use crate::components::table::{row, table};
use crate::components::verdict::verdict;
use crate::format;
use crate::here::{Here, encode, use_here};

/// How many failing objects are shown before the way to all findings.
const SHOWN: usize = 100;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let params = use_params_map();
    let param =
        move |name: &'static str| Memo::new(move |_| params.with(|params| params.get(name)).unwrap_or_default());
    let (framework, id) = (param("framework"), param("control"));
    let compliance = load(move || {
        let at = here.at();
        api::compliance::get(&ComplianceQuery {
            cluster: at.cluster,
            at: at.at,
            framework: Some(framework.get()),
            control: Some(id.get()),
        })
    });
    let history = load(move || {
        let at = here.at();
        api::compliance::history(&HistoryQuery {
            cluster: at.cluster,
            at: at.at,
            framework: Some(framework.get()),
            control: id.get(),
            days: None,
        })
    });
    let checks = load(move || api::checks::list(here.at()));
    let control = move || compliance.map(|of| find(&of.body, &id.get())).flatten();
    let title = Signal::derive(move || control().map_or_else(|| id.get(), |control| control.title));
    let name = move || compliance.map(|of| format!("{} {} {}", of.body.title, of.body.version, id.get()));
    let known = move || checks.map(|checks| checks.body.items.clone()).unwrap_or_default();
    let path = move || {
        let to = format!("/compliance?framework={}", encode(&framework.get()));
        view! { {link(here, "", to, "Compliance")}{icon_small(Icon::Right)}{id.get()} }
    };
    view! {
        <PageHead title=title crumbs=crumbs(here, &[], path) meta=name/>
        {loaded(compliance, "controls", || table_skeleton(6), move |of| match find(&of.body, &id.get()) {
            Some(_) if of.as_of.is_none() => not_read(here),
            Some(control) => {
                let past = loaded(history, "verdicts over time", || table_skeleton(2), move |of| over_time(&of.body));
                body(here, &control, &known(), past)
            }
            None => empty("There is no such control", "The framework has none of that number.", ()),
        })}
    }
    .into_any()
}

fn find(compliance: &Compliance, id: &str) -> Option<ComplianceControl> {
    let mut controls = compliance.sections.iter().flat_map(|section| &section.controls);
    controls.find(|control| control.id == id).cloned()
}

fn body(here: Here, control: &ComplianceControl, known: &[CheckRow], history: AnyView) -> AnyView {
    view! {
        <div class="grid">
            <div class="stack c8">
                {checks(here, control, known)}
                {failing(here, control)}
            </div>
            <div class="stack c4">{conclusion(control)}{history}</div>
        </div>
    }
    .into_any()
}

fn conclusion(control: &ComplianceControl) -> AnyView {
    let reason = (!control.reason.is_empty()).then(|| view! { <p class="note">{control.reason.clone()}</p> });
    let bench = control.kube_bench.as_ref().map(|report| {
        let received = report
            .received
            .map(|received| view! { <span class="sub">"handed in "{when(received)}</span> });
        view! { <dt>"kube-bench"</dt><dd>{verdict(report.verdict)}<span class="sub">{report.evidence.clone()}</span>{received}</dd> }
    });
    let (concluded, coverage) = (control_verdict(control.verdict), control.coverage);
    let answers = format::count(coverage.total, "answer", "answers");
    let answers = format!("{} of {answers}", coverage.decided);
    let (looked_at, failing) = (looked_at(control), format::count(control.failed, "object", "objects"));
    let since = control
        .since
        .map(|since| view! { <dt>"Oldest finding"</dt><dd>{when(since)}</dd> });
    view! {
        <Card id="conclusion" title="Verdict">
            <div class="card-body stack tight-gap">
                <p>{concluded}</p>
                {reason}
                <dl class="facts">
                    <dt>"Coverage"</dt>
                    <dd>{answers}</dd>
                    <dt>"Looked at"</dt>
                    <dd>{looked_at}</dd>
                    <dt>"Failing"</dt>
                    <dd>{failing}</dd>
                    {since}
                    {bench}
                </dl>
            </div>
        </Card>
    }
    .into_any()
}

/// What each check says.
fn checks(here: Here, control: &ComplianceControl, known: &[CheckRow]) -> AnyView {
    if control.checks.is_empty() {
        return empty(
            "No check answers this control",
            "Its verdict says what is to be done instead.",
            (),
        );
    }
    let heads = [
        ("", "Check"),
        ("", "Verdict"),
        ("num wide", "Looked at"),
        ("num", "Failed"),
    ];
    let rows: Vec<AnyView> = control.checks.iter().map(|of| check(here, of, known)).collect();
    let note = "the worst that is known decides";
    view! { <Card id="evidence" title="Evidence" note=note>{table("Evidence", "table roomy fits", &heads, rows)}</Card> }
        .into_any()
}

fn check(here: Here, of: &CheckEvidence, known: &[CheckRow]) -> AnyView {
    let info = known
        .iter()
        .find(|row| row.info.id == of.check)
        .map(|row| row.info.title.clone());
    let to = format!("/checks/{}", encode(&of.check));
    let only = of
        .only
        .as_ref()
        .map(|only| view! { <span class="sub">"only as far as "<code>{only.clone()}</code></span> });
    let name = view! {
        <a class="t" href=move || here.link(&to)>{info.unwrap_or_else(|| of.check.clone())}</a>
        <span class="sub mono">{of.check.clone()}</span>
        {only}
    };
    let reason = (!of.reason.is_empty()).then(|| view! { <span class="sub reason">{of.reason.clone()}</span> });
    // What was not evaluated looked at nothing: neither is a zero.
    let known = (of.verdict != Verdict::NotEvaluated).then_some((of.evaluated, of.failed));
    row(
        "",
        vec![
            ("title-cell", name.into_any()),
            ("reason", view! { {verdict(of.verdict)}{reason} }.into_any()),
            ("num wide", number_or_unknown(known.map(|(evaluated, _)| evaluated))),
            ("num", number_or_unknown(known.map(|(_, failed)| failed))),
        ],
    )
}

/// The objects that fail.
fn failing(here: Here, control: &ComplianceControl) -> AnyView {
    if control.failing.is_empty() {
        return match control.verdict.is_decided() {
            true => empty_good("No object fails", "The verdict says on what evidence.", ()),
            false => empty("No object is known to fail", "The verdict says what is not known.", ()),
        };
    }
    let ids: Vec<&str> = control.checks.iter().map(|check| check.check.as_str()).collect();
    let all = format!("/findings?check={}", encode(&ids.join(",")));
    let end = link(here, "link", all.clone(), "Findings of these checks");
    let one = |object: &ObjectRef| row("", vec![("", object_link(here, object))]);
    let rows: Vec<AnyView> = control.failing.iter().take(SHOWN).map(one).collect();
    let more = control.failing.len().saturating_sub(SHOWN) as u64;
    let more = (more > 0).then(|| {
        let all = link(here, "link", all, "the findings of these checks");
        view! { <div class="card-foot"><span>"and "{format::number(more)}" more, among "{all}</span></div> }
    });
    let note = format::count(control.failing.len() as u64, "object", "objects");
    view! {
        <Card id="failing" title="Objects that fail" note=note end=end>
            {table("Objects that fail", "table fits", &[("", "Object")], rows)}
            {more}
        </Card>
    }
    .into_any()
}

/// Verdicts over time: a strip, and the same in words.
fn over_time(history: &ControlHistory) -> AnyView {
    let (Some(first), Some(last)) = (history.spans.first(), history.spans.last()) else {
        return ().into_any();
    };
    let (from, to) = (first.from, last.to);
    let whole = (to - from).num_seconds().max(1) as f64;
    let part = |span: &VerdictSpan| {
        let width = format!("{:.2}%", (span.to - span.from).num_seconds() as f64 * 100.0 / whole);
        view! { <i class=fill(span.verdict) style:width=width title=word(span.verdict)></i> }
    };
    let parts: Vec<_> = match from == to {
        true => vec![part(&VerdictSpan {
            to: from + chrono::TimeDelta::seconds(1),
            ..last.clone()
        })],
        false => history.spans.iter().map(part).collect(),
    };
    let told = |span: &VerdictSpan| view! { <li>{control_verdict(span.verdict)}<span class="muted">"since "{when(span.from)}</span></li> };
    let list: Vec<_> = history.spans.iter().rev().map(told).collect();
    view! {
        <Card id="over-time" title="Over time" note=format::span(to - from)>
            <div class="card-body stack tight-gap">
                <div class="split over-time" aria-hidden="true">{parts}</div>
                <ol class="spans">{list}</ol>
            </div>
        </Card>
    }
    .into_any()
}
