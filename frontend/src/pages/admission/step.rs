//! One step of the way in.

use leptos::prelude::*;
use shared::admission::{BackendState, Call, OnFailure, PolicyBinding, Sight, Stage, Step};
use shared::verdict::Verdict;

use crate::components::ago::use_then;
use crate::components::more::more;
use crate::components::object::object_link;
use crate::components::severity::severity_with;
use crate::components::tag::{Tone, tag};
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;

/// How many names are told before the rest is counted.
const TOLD: usize = 6;

/// What it is and does, and beside it what a person would ask of it.
pub(super) fn step(here: Here, step: &Step) -> AnyView {
    let class = match step.sees {
        Some(Sight::No { .. }) => "unseen",
        _ => "",
    };
    let title = match step.object {
        Some(_) => view! { <b class="mono">{step.name.clone()}</b> }.into_any(),
        None => view! { <b>{step.name.clone()}</b> }.into_any(),
    };
    let stage = stage(step.stage).map(|stage| view! { <span class="muted small">{stage}</span> });
    view! {
        <li class=class>
            <div class="what">
                <p class="title">{title}{stage}</p>
                {step.sees.as_ref().map(sight)}
                <p class="muted">{step.summary.clone()}</p>
                {narrowed(step)}
                {bindings(here, &step.bindings)}
            </div>
            {facts(here, step)}
        </li>
    }
    .into_any()
}

/// What sort of step it is, where its name does not say so.
fn stage(stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::MutatingPolicy => Some("mutating policy"),
        Stage::MutatingWebhook => Some("mutating webhook"),
        Stage::ValidatingPolicy => Some("validating policy"),
        Stage::ValidatingWebhook => Some("validating webhook"),
        Stage::Defaulting | Stage::Reinvocation | Stage::BuiltIn | Stage::PodSecurity | Stage::Quota => None,
    }
}

/// Whether it sees the pod that is asked about, and why not.
fn sight(sight: &Sight) -> AnyView {
    let (verdict, words, reason) = match sight {
        Sight::Yes => (Verdict::Pass, "It sees the pod", ""),
        Sight::Perhaps { reason } => (Verdict::NotEvaluated, "It may see the pod:", reason.as_str()),
        Sight::No { reason } => (Verdict::Excepted, "It does not see the pod:", reason.as_str()),
    };
    view! { <p class="sight">{verdict_with(verdict, words)}" "<span>{reason.to_owned()}</span></p> }.into_any()
}

/// Which objects it is for, and whom that leaves out.
fn narrowed(step: &Step) -> AnyView {
    let line = |words: &'static str, items: &[String]| {
        (!items.is_empty()).then(|| view! { <div><dt>{words}</dt><dd>{some(items)}</dd></div> })
    };
    let lines = [
        line("Called for", &step.scope),
        line("Looks at", &step.selects),
        line("On condition", &step.conditions),
        line("Leaves out", &step.exempt),
    ];
    let is_told = lines.iter().any(Option::is_some);
    is_told
        .then(|| view! { <dl class="narrowed">{lines.into_iter().collect_view()}</dl> })
        .into_any()
}

/// The first names, and the others when how many they are is opened.
fn some(items: &[String]) -> AnyView {
    let (first, rest) = told(items);
    let rest = rest.map(|(count, names)| view! { " "{more(count, names)} });
    view! { {first}{rest} }.into_any()
}

/// The first names; how many more there are, and those.
fn told(items: &[String]) -> (String, Option<(String, String)>) {
    let (first, rest) = items.split_at(items.len().min(TOLD));
    let rest = (!rest.is_empty()).then(|| (format!("and {} more", rest.len()), rest.join(", ")));
    (first.join(", "), rest)
}

/// What puts a policy into force.
fn bindings(here: Here, bindings: &[PolicyBinding]) -> AnyView {
    let one = |binding: &PolicyBinding| {
        let mut words = Vec::new();
        words.extend(Some(binding.actions.join(", ")).filter(|actions| !actions.is_empty()));
        words.extend(Some(format!("with {}", binding.parameters)).filter(|_| !binding.parameters.is_empty()));
        let selects = (!binding.selects.is_empty()).then(|| view! { "; where "{some(&binding.selects)} });
        view! { <li>{object_link(here, &binding.object)}" "<span class="muted">{words.join("; ")}{selects}</span></li> }
    };
    let items: Vec<_> = bindings.iter().map(one).collect();
    (!items.is_empty())
        .then(|| view! { <ul class="bound">{items}</ul> })
        .into_any()
}

/// What is called, and what if it is not there.
fn facts(here: Here, step: &Step) -> AnyView {
    let failure = step.on_failure.map(|on_failure| match on_failure {
        OnFailure::Refuse => tag(Tone::Plain, "the pod is refused"),
        OnFailure::Pass => tag(Tone::Warn, "the pod passes"),
    });
    let object = step.object.as_ref().map(|object| object_link(here, object));
    let call = step.call.as_ref().map(called);
    let is_told = object.is_some() || failure.is_some();
    let facts = view! {
        <dl class="facts">
            {failure.map(|failure| view! { <dt>"If it fails"</dt><dd>{failure}</dd> })}
            {step.is_reinvoked.then(|| view! { <dt>"Again"</dt><dd>"in the second round"</dd> })}
            {call}
            {object.map(|object| view! { <dt>"Set by"</dt><dd>{object}</dd> })}
        </dl>
    };
    is_told.then_some(facts).into_any()
}

fn called(call: &Call) -> AnyView {
    view! {
        <dt>"Waits"</dt>
        <dd>{format!("{} s", call.timeout_seconds)}</dd>
        <dt>"Asks"</dt>
        <dd><span class="mono">{call.target.clone()}</span><br/>{backend(call.backend)}</dd>
        <dt>"Trusts"</dt>
        <dd>{authority(call)}</dd>
    }
    .into_any()
}

fn backend(state: BackendState) -> AnyView {
    let (verdict, words) = match state {
        BackendState::Ready => (Verdict::Pass, "endpoints are ready"),
        BackendState::NoService => (Verdict::Fail, "no such Service"),
        BackendState::NoPort => (Verdict::Fail, "the Service has no such port"),
        BackendState::NoEndpoint => (Verdict::Fail, "no endpoint is ready"),
        BackendState::Outside => (Verdict::NotEvaluated, "outside of the cluster"),
        BackendState::Unread => (Verdict::NotEvaluated, "endpoints were not read"),
    };
    verdict_with(verdict, words)
}

/// How long the authorities are good that the answer is verified by.
fn authority(call: &Call) -> AnyView {
    if let Some(problem) = &call.authority_problem {
        return verdict_with(Verdict::Fail, problem.clone());
    }
    let Some(until) = call.authority_expires else {
        return view! { <span class="muted">"what the API server's own machine trusts"</span> }.into_any();
    };
    let then = use_then();
    let words = move || match until < then() {
        true => format!("a CA that ended {}", format::day(until, then())),
        false => format!("a CA until {}", format::day(until, then())),
    };
    let told = view! { <time datetime=format::machine(until) title=format::absolute(until)>{words}</time> };
    match call.urgency {
        Some(urgency) => severity_with(urgency, told),
        None => told.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_to_read_is_counted_and_kept() {
        let names = |count: usize| (0..count).map(|n| format!("n{n}")).collect::<Vec<_>>();
        assert_eq!(told(&names(2)), ("n0, n1".into(), None));
        let rest = Some(("and 3 more".into(), "n6, n7, n8".into()));
        assert_eq!(told(&names(9)), ("n0, n1, n2, n3, n4, n5".into(), rest));
    }
}
