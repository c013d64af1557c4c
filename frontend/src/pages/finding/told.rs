//! What is told of a finding besides its evidence: since when, by which controls, what happened to it.

use leptos::prelude::*;
use shared::checks::CheckInfo;
use shared::findings::{Event, EventKind, FindingDetail, Status};
use shared::origin::Origin;
use shared::page::AsOf;

use crate::components::ago::{ago_then, when};
use crate::components::icon::{Icon, icon_small};
use crate::components::tag::{Tone, tag};
use crate::format;

/// Since when it is known, and in this state.
pub(super) fn since(finding: &FindingDetail, as_of: Option<&AsOf>) -> AnyView {
    let row = &finding.row;
    let state = match row.status {
        Status::Open if row.since == row.first_seen => view! { " Open ever since." }.into_any(),
        Status::Open => view! { " Open again since "{when(row.since)}"." }.into_any(),
        Status::Fixed => view! { " Fixed "{when(row.since)}"." }.into_any(),
    };
    let unseen = row.status == Status::Open && as_of.is_some_and(|as_of| row.last_seen < as_of.taken_at);
    let note = unseen.then(|| {
        view! {
            <p class="note warn">
                {icon_small(Icon::Alert)}
                <span>"Last could be told "{ago_then(row.last_seen)}": since then something that it needs could not be read."</span>
            </p>
        }
    });
    view! { <section><h3>"Since when"</h3><p>"First seen "{when(row.first_seen)}"."{state}</p>{note}</section> }
        .into_any()
}

/// How many pods it concerns, where it is several.
pub(super) fn pods(pods: u32) -> Option<String> {
    (pods > 1).then(|| format!(" It concerns {} pods.", format::number(pods)))
}

/// What manages the object: where a change to it belongs.
pub(super) fn origin(origin: &Origin) -> AnyView {
    let managed = format!("Managed by {} ({}).", origin.manager, origin.source);
    view! {
        <section>
            <h3>"Where to change it"</h3>
            <p class="note">{icon_small(Icon::Refresh)}<span><b>{managed}</b>" "{origin.advice.clone()}</span></p>
        </section>
    }
    .into_any()
}

/// The controls that the check answers.
pub(super) fn frameworks(info: &CheckInfo) -> Option<AnyView> {
    let one = |control: &shared::checks::Control| tag(Tone::Plain, format!("{} {}", control.framework, control.id));
    let tags: Vec<_> = info.controls.iter().map(one).collect();
    (!tags.is_empty()).then(|| view! { <section><h3>"Frameworks"</h3><p class="tags">{tags}</p></section> }.into_any())
}

/// What happened to it, newest first.
pub(super) fn history(events: &[Event]) -> AnyView {
    let items: Vec<_> = events.iter().map(event).collect();
    view! { <section><h3>"History"</h3><ol class="timeline">{items}</ol></section> }.into_any()
}

fn event(event: &Event) -> AnyView {
    let (class, what) = match event.what {
        EventKind::Opened => ("bad", "Opened"),
        EventKind::Fixed => ("good", "Fixed"),
        EventKind::Reopened => ("bad", "Opened again"),
        EventKind::Changed => ("", "Changed in severity, witness or words"),
    };
    view! { <li class=class><b>{what}</b>" "<span class="by">{when(event.at)}</span></li> }.into_any()
}
