//! The controls of a framework by section: evidence, verdict, what is open and for how long.

use leptos::prelude::*;
use shared::compliance::{Compliance, ComplianceControl, ComplianceSection, ControlVerdict};
use shared::page::Stamped;
use shared::verdict::Severity;

use super::parts::{bar, control_verdict, looked_at, not_read, rests_on, word};
use crate::components::ago::age;
use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::number::number;
use crate::components::severity::severity_with;
use crate::components::table::scroll;
use crate::format;
use crate::here::{Here, encode};

/// What the list can be narrowed to.
const SHOWN: [ControlVerdict; 3] = [
    ControlVerdict::Fail,
    ControlVerdict::Manual,
    ControlVerdict::NotEvaluated,
];

/// The card with all of them.
pub(super) fn list(here: Here, compliance: &Stamped<Compliance>) -> AnyView {
    if compliance.as_of.is_none() {
        return not_read(here);
    }
    let body = &compliance.body;
    let only = here
        .param("show")
        .and_then(|show| SHOWN.into_iter().find(|verdict| verdict.as_str() == show));
    let sections: Vec<AnyView> = body
        .sections
        .iter()
        .filter_map(|of| section(here, &body.framework, of, only))
        .collect();
    let table = match sections.is_empty() {
        true => {
            let all = view! { <a class="btn" href=here.with(&[("show", None)])>"Show all"</a> };
            empty("No control has this verdict", "", all)
        }
        false => scroll("Controls table", table(sections)),
    };
    let score = body
        .score
        .value
        .map(|value| format!("{} of 100, ", format::score(Some(value))));
    let note = format!("{}{}", score.unwrap_or_default(), rests_on(&body.score));
    view! {
        <section class="card" aria-labelledby="controls">
            <div class="card-head">
                <h2 id="controls">{format!("{} {}", body.title, body.version)}</h2>
                <p>{note}</p>
                <div class="end">{filter(here, body, only)}</div>
            </div>
            {table}
            {(!body.note.is_empty()).then(|| view! { <div class="card-foot"><span>{body.note.clone()}</span></div> })}
        </section>
    }
    .into_any()
}

fn filter(here: Here, compliance: &Compliance, only: Option<ControlVerdict>) -> AnyView {
    let counts = compliance.score.controls;
    let one = |verdict: Option<ControlVerdict>| {
        let to = here.with(&[("show", verdict.map(ControlVerdict::as_str))]);
        let text = match verdict {
            None => "All".to_owned(),
            Some(verdict) => format!("{} {}", word(verdict), counts.of(verdict)),
        };
        view! { <a href=to data-noscroll aria-current=(only == verdict).then_some("true")>{text}</a> }
    };
    let wanted = |verdict: &ControlVerdict| counts.of(*verdict) > 0 || only == Some(*verdict);
    let all: Vec<_> = std::iter::once(None)
        .chain(SHOWN.into_iter().filter(wanted).map(Some))
        .map(one)
        .collect();
    view! { <div class="segment" role="group" aria-label="Show">{all}</div> }.into_any()
}

fn table(sections: Vec<AnyView>) -> AnyView {
    view! {
        <table class="table fits controls">
            <thead>
                <tr>
                    <th scope="col">"Control"</th>
                    <th scope="col" class="wide">"Evidence"</th>
                    <th scope="col">"Verdict"</th>
                    <th scope="col" class="num">"Open"</th>
                    <th scope="col" class="num wide">"Age"</th>
                </tr>
            </thead>
            <tbody>{sections}</tbody>
        </table>
    }
    .into_any()
}

fn section(here: Here, framework: &str, of: &ComplianceSection, only: Option<ControlVerdict>) -> Option<AnyView> {
    let rows: Vec<AnyView> = of
        .controls
        .iter()
        .filter(|control| only.is_none_or(|only| control.verdict == only))
        .map(|control| row(here, framework, control))
        .collect();
    let id = (of.id != of.title).then(|| view! { <span class="muted">{of.id.clone()}" "</span> });
    let head = view! {
        <tr class="group">
            <th scope="rowgroup" colspan="2">{id}{of.title.clone()}</th>
            <td colspan="3" class="wide">{bar(&of.score.controls)}</td>
        </tr>
    };
    (!rows.is_empty()).then(|| view! { {head}{rows} }.into_any())
}

fn row(here: Here, framework: &str, control: &ComplianceControl) -> AnyView {
    let to = format!("/compliance/{}/{}", encode(framework), encode(&control.id));
    let told = evidence(control);
    let id = (control.id != control.title).then(|| view! { <span class="id">{control.id.clone()}" "</span> });
    let title = view! { {id}{control.title.clone()} };
    view! {
        <tr>
            <th scope="row" class="ctl">
                <a data-row href={let to = to.clone(); move || here.link(&to)}>{title}</a>
            </th>
            <td class="clip ev wide" title=told.clone()>{told.clone()}</td>
            <td>{control_verdict(control.verdict)}</td>
            <td class="num">{open(here, control, to)}</td>
            <td class="num wide">{control.since.map(age)}</td>
        </tr>
    }
    .into_any()
}

/// What is open, as bad as its worst; it leads to the objects.
fn open(here: Here, control: &ComplianceControl, to: String) -> AnyView {
    let worst = Severity::ALL
        .into_iter()
        .find(|severity| control.open.of(*severity) > 0);
    match worst {
        None => number(0u32),
        Some(worst) => {
            let count = severity_with(worst, format::number(control.open.total()));
            link(here, "", to, count)
        }
    }
}

/// What the verdict rests on, in a line.
pub(super) fn evidence(control: &ComplianceControl) -> String {
    let (failing, looked_at) = (control.failed, looked_at(control));
    let line = match control.verdict {
        ControlVerdict::Fail | ControlVerdict::Excepted => {
            let first = control
                .failing
                .first()
                .map(|object| format!(": {object}"))
                .unwrap_or_default();
            let more = match failing {
                0 | 1 => String::new(),
                many => format!(" and {} more", format::number(many - 1)),
            };
            match control.checks.len() {
                0 | 1 => format!("{} of {looked_at}{first}{more}", format::number(failing)),
                _ => format!(
                    "{}{first}{more}, by {looked_at}",
                    format::count(failing, "object", "objects")
                ),
            }
        }
        ControlVerdict::Pass if control.checks.len() > 1 => looked_at,
        ControlVerdict::Pass => format!("{looked_at} looked at"),
        _ => control.reason.clone(),
    };
    let coverage = control.coverage;
    match coverage.decided > 0 && coverage.decided < coverage.total {
        true => format!("{line} ({} of {} answers)", coverage.decided, coverage.total),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use shared::compliance::{CheckEvidence, Coverage};
    use shared::object::ObjectRef;
    use shared::score::SeverityCounts;
    use shared::verdict::Verdict;

    use super::*;

    fn control(verdict: ControlVerdict, failing: usize, coverage: (u32, u32)) -> ComplianceControl {
        ComplianceControl {
            id: "c".into(),
            title: "C".into(),
            verdict,
            reason: "The rota.".into(),
            coverage: Coverage {
                decided: coverage.0,
                total: coverage.1,
            },
            evaluated: 40,
            failed: u32::try_from(failing).unwrap(),
            failing: vec![ObjectRef::cluster(); failing],
            open: SeverityCounts::default(),
            since: None,
            checks: Vec::new(),
            kube_bench: None,
        }
    }

    #[test]
    fn evidence_says_how_much_was_looked_at_and_what_is_missing() {
        let told = |verdict, failing, coverage| evidence(&control(verdict, failing, coverage));
        assert_eq!(told(ControlVerdict::Pass, 0, (1, 1)), "40 objects looked at");
        assert_eq!(
            told(ControlVerdict::Fail, 3, (1, 2)),
            "3 of 40 objects: Cluster cluster and 2 more (1 of 2 answers)"
        );
        assert_eq!(told(ControlVerdict::Manual, 0, (0, 1)), "The rota.");
    }

    #[test]
    fn what_several_checks_looked_at_is_no_count_of_objects() {
        let check = CheckEvidence {
            check: "c".into(),
            only: None,
            verdict: Verdict::Pass,
            reason: String::new(),
            evaluated: 20,
            failed: 0,
        };
        let told = |verdict, failing| {
            evidence(&ComplianceControl {
                checks: vec![check.clone(); 2],
                ..control(verdict, failing, (2, 2))
            })
        };
        assert_eq!(told(ControlVerdict::Pass, 0), "40 verdicts of 2 checks");
        assert_eq!(
            told(ControlVerdict::Fail, 2),
            "2 objects: Cluster cluster and 1 more, by 40 verdicts of 2 checks"
        );
    }
}
