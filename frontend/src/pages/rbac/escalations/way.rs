//! One way: who takes it, its steps with the objects on which each rests, and what stops it.

use leptos::prelude::*;
use shared::escalations::{Escalation, Fix, Reached, Removal, Step};
use shared::rbac::{Grant, Subject};

use crate::components::object::{object_link, short_name, subject_path};
use crate::components::patch::patch;
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::Here;
use crate::pages::rbac::chain::chains;

/// A way.
pub(in crate::pages::rbac) fn way(here: Here, way: &Escalation) -> AnyView {
    let expected = way.expected.then(|| tag(Tone::Plain, "intended by Kubernetes"));
    let members = way
        .members
        .as_ref()
        .map(|members| view! { <span class="muted">{members.clone()}</span> });
    let steps = format::count(way.steps.len() as u64, "step", "steps");
    let about = format!("{}, {steps}", way.subject.kind.as_str());
    let steps: Vec<_> = way
        .steps
        .iter()
        .enumerate()
        .map(|(n, step)| one(here, n, step))
        .collect();
    view! {
        <h3>{subject(here, &way.subject)}<span class="muted">{about}</span>{members}{expected}</h3>
        <ol class="way-steps">{steps}</ol>
        {stop(here, way)}
    }
    .into_any()
}

fn subject(here: Here, of: &Subject) -> AnyView {
    let to = subject_path(of);
    let name = short_name(&of.namespace, &of.name);
    view! { <a class="mono" title=of.to_string() href=move || here.link(&to)>{name}</a> }.into_any()
}

fn one(here: Here, n: usize, step: &Step) -> AnyView {
    let who = match &step.from {
        Reached::Subject { subject: of } if n > 0 => view! { {subject(here, of)}" " }.into_any(),
        _ => ().into_any(),
    };
    let grants: Vec<Grant> = step.needs.iter().filter_map(|need| need.grant.clone()).collect();
    let chains: Vec<_> = grants.chunks(1).map(|grant| chains(here, grant)).collect();
    view! { <li><p>{who}{step.sentence.clone()}</p>{chains}</li> }.into_any()
}

fn stop(here: Here, way: &Escalation) -> AnyView {
    match &way.fix {
        Some(fix) => view! { <div class="way-stop">{change(here, fix)}</div> }.into_any(),
        None if way.expected => ().into_any(),
        None => view! { <p class="way-stop muted">"No one change closes it: there are several ways."</p> }.into_any(),
    }
}

/// A change, what it closes, and its patch behind a press.
pub(super) fn change(here: Here, fix: &Fix) -> AnyView {
    let what = match &fix.removal {
        Removal::Subject { binding, subject: of } => {
            view! { "Take "{subject(here, of)}" off "{object_link(here, binding)} }.into_any()
        }
        Removal::Binding { binding } => view! { "Delete "{object_link(here, binding)} }.into_any(),
        Removal::Rule { role, rule } => view! { "Take rule "{rule + 1}" out of "{object_link(here, role)} }.into_any(),
    };
    let closes = format::count(u64::from(fix.closes), "way", "ways");
    let patch = fix
        .patch
        .as_ref()
        .map(|of| view! { <details class="more-chains"><summary>"Patch"</summary>{patch(of)}</details> });
    view! { <p>{what}<span class="t-pass">": closes "{closes}</span></p>{patch} }.into_any()
}
