//! What a namespace asks of Pod Security, what it could ask for today, and what would have to change first.

use leptos::prelude::*;
use shared::page::Stamped;
use shared::pod_security::{AskedLevel, NamespaceLevels, PodSecurity, RefusedWorkload, Violation};
use shared::verdict::Verdict;

use crate::components::card::Card;
use crate::components::icon::{Icon, icon_small};
use crate::components::link::link;
use crate::components::load::{Load, loaded, table_skeleton};
use crate::components::object::workload_path;
use crate::components::table::scroll;
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;
use crate::pages::namespaces::level;

/// Workloads that are opened without being asked: more would push all else off the page.
const OPENED: usize = 1;

/// The card; of a namespace that is being deleted there are no levels.
pub(super) fn pod_security(here: Here, is_terminating: bool, levels: Load<Stamped<PodSecurity>>) -> AnyView {
    let version = move || levels.map(|levels| format!("by the standards of {}", levels.body.version));
    let note = view! { <span class="muted small">{version}</span> };
    view! {
        <Card id="pod-security" title="Pod Security" end=note.into_any()>
            {loaded(levels, "Pod Security", || table_skeleton(4), move |levels| shown(here, is_terminating, &levels.body))}
        </Card>
    }
    .into_any()
}

fn shown(here: Here, is_terminating: bool, told: &PodSecurity) -> AnyView {
    let Some(levels) = told.namespaces.first() else {
        let why = match is_terminating {
            true => "It is being deleted: no new pod is let into it.",
            false => "The namespace itself was not read, and with it its labels.",
        };
        return view! { <p class="card-body muted">{why}</p> }.into_any();
    };
    let doubts = told.doubts.iter().map(|doubt| note("note warn", doubt.clone()));
    let mistakes = levels.mistakes.iter().map(|mistake| note("note warn", mistake.clone()));
    let notes: Vec<_> = doubts.chain(mistakes).chain(refused_now(levels)).collect();
    view! {
        <div>
            <div class="card-body stack tight-gap">
                <dl class="facts">
                    <dt>"Enforces"</dt>
                    <dd>{asked(&levels.enforce)}</dd>
                    <dt>"Warns of"</dt>
                    <dd>{asked(&levels.warn)}</dd>
                    <dt>"Audits"</dt>
                    <dd>{asked(&levels.audit)}</dd>
                    <dt>"Could enforce"</dt>
                    <dd>{could(levels)}</dd>
                </dl>
                {notes}
            </div>
            {next(here, levels)}
        </div>
    }
    .into_any()
}

fn note(class: &'static str, text: String) -> AnyView {
    view! { <p class=class>{icon_small(Icon::Alert)}<span>{text}</span></p> }.into_any()
}

/// `Baseline of v1.30`; the API server's own version goes without saying.
fn asked(asked: &AskedLevel) -> AnyView {
    let version = asked.version.as_ref().map(|version| format!(" of {version}"));
    view! { {level(asked.level)}<span class="muted">{version}</span> }.into_any()
}

fn could(levels: &NamespaceLevels) -> AnyView {
    let of = format::count(levels.workloads, "workload", "workloads");
    let (verdict, text) = match levels.could_enforce {
        more if more > levels.enforce.level => (
            Verdict::Pass,
            format!("{}, which refuses none of its {of}", level(more)),
        ),
        same if same == levels.enforce.level => (Verdict::Pass, format!("{}, as it does", level(same))),
        less => (
            Verdict::Fail,
            format!("only {} without refusing any of its {of}", level(less)),
        ),
    };
    verdict_with(verdict, text)
}

fn refused_now(levels: &NamespaceLevels) -> Option<AnyView> {
    let number = levels.refused_now.len() as u64;
    let names: Vec<&str> = levels
        .refused_now
        .iter()
        .map(|it| it.object.name.as_str())
        .take(3)
        .collect();
    let text = format!(
        "{} would be refused today, were their pods made anew: {}{}.",
        format::count(number, "workload", "workloads"),
        names.join(", "),
        if number > 3 { ", …" } else { "" }
    );
    (number > 0).then(|| note("note warn", text))
}

/// What would have to change for the next level.
fn next(here: Here, levels: &NamespaceLevels) -> Option<AnyView> {
    let next = levels.next.as_ref()?;
    let number = next.refused.len() as u64;
    let (title, verb) = (level(next.level), if number == 1 { "has" } else { "have" });
    let head = format!(
        "For {title}, {} {verb} to change",
        format::count(number, "workload", "workloads")
    );
    let items: Vec<_> = next
        .refused
        .iter()
        .enumerate()
        .map(|(place, workload)| refused(here, place < OPENED, workload))
        .collect();
    Some(view! { <div class="card-head next"><h3>{head}</h3></div><ul class="breaks">{items}</ul> }.into_any())
}

fn refused(here: Here, open: bool, workload: &RefusedWorkload) -> AnyView {
    let object = &workload.object;
    let pods = format::count(workload.pods, "pod", "pods");
    let fields = format::count(workload.violations.len() as u64, "field", "fields");
    let rows: Vec<_> = workload.violations.iter().map(violation).collect();
    let table = view! {
        <table class="table fits">
            <thead><tr><th scope="col">"Field"</th><th scope="col">"Why it is refused"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <li>
            <details open=open>
                <summary>
                    <span class="mono"><span class="muted">{object.kind.clone()}" "</span>{object.name.clone()}</span>
                    <span class="muted small">{pods}", "{fields}</span>
                </summary>
                {scroll(format!("What {} breaks", object.name), table)}
                <p class="small">{link(here, "link", workload_path(object), "Open the workload")}</p>
            </details>
        </li>
    }
    .into_any()
}

/// A field below the pod specification, where all of them lie: what tells it apart stands at its end.
fn below_spec(field: &str) -> &str {
    let (_, below) = field.split_once("template.spec.").unwrap_or(("", field));
    below.strip_prefix("spec.").unwrap_or(below)
}

fn violation(violation: &Violation) -> AnyView {
    let (field, control) = (violation.field.clone(), format!("control {}", violation.control));
    let short = below_spec(&field).to_owned();
    view! {
        <tr>
            <td class="clip grow"><span class="mono" title=field>{short}</span></td>
            <td class="clip grow"><span title=control>{violation.message.clone()}</span></td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::below_spec;

    #[test]
    fn a_field_is_told_from_the_pod_specification_on() {
        for (field, told) in [
            ("spec.hostPID", "hostPID"),
            ("spec.template.spec.containers[c].image", "containers[c].image"),
            ("spec.jobTemplate.spec.template.spec.hostPID", "hostPID"),
            ("metadata.annotations[x]", "metadata.annotations[x]"),
        ] {
            assert_eq!(below_spec(field), told);
        }
    }
}
