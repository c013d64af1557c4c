//! Before the first snapshot: how far it is, and what will be here.

use leptos::prelude::*;

use crate::components::empty::{empty, empty_good};
use crate::components::link::link;
use crate::components::load::Refresh;
use crate::here::Here;
use crate::pages::snapshots::taking;
use crate::shell::use_frame;

/// The page before there is anything to show.
pub(super) fn first_run(here: Here) -> AnyView {
    if here.instant().is_some() {
        let now = view! { <a class="btn" data-noscroll href=move || here.with(&[("at", None)])>"Back to now"</a> };
        return empty("Nothing was known then", "The first snapshot was taken later.", now);
    }
    let taking = taking::watch(here, || ());
    let refresh = use_context::<Refresh>();
    Effect::new(move |_| {
        if let (true, Some(Refresh(refresh))) = (taking.is_done(), refresh) {
            refresh.update(|n| *n += 1);
        }
    });
    view! { {move || taking::card(taking)}{move || unread(here)} }.into_any()
}

fn unread(here: Here) -> AnyView {
    let text = "Its score, what to fix first and how it changes will stand here after the first snapshot.";
    let title = match name(here) {
        Some(name) => format!("{name} was not read yet"),
        None => "No cluster was read yet".into(),
    };
    empty_good(title, text, link(here, "btn", "/snapshots", "Snapshots"))
}

/// The name of the cluster that is looked at.
fn name(here: Here) -> Option<String> {
    let chosen = here.cluster();
    let looked_at = |clusters: &Vec<shared::clusters::Cluster>| {
        let cluster = clusters.iter().find(|cluster| chosen.is_none_or(|id| id == cluster.id));
        cluster.map(|cluster| cluster.name.clone())
    };
    use_frame().clusters.map(looked_at).flatten()
}
