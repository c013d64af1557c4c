//! What may pass that could not a while ago, and the other way round.

use leptos::prelude::*;
use shared::network::changes::{Changes, ChangesQuery};
use shared::page::Stamped;

use super::answer::answer;
use crate::api;
use crate::components::ago::when;
use crate::components::load::{load, loaded, table_skeleton};
use crate::here::Here;

/// The card.
pub(super) fn part(here: Here) -> AnyView {
    let changes = load(move || {
        let at = here.at();
        api::network::changes(&ChangesQuery {
            cluster: at.cluster,
            at: at.at,
            since: None,
        })
    });
    loaded(
        changes,
        "changes",
        || table_skeleton(8),
        move |changes| shown(here, changes),
    )
}

fn shown(here: Here, changes: &Stamped<Changes>) -> AnyView {
    let since = changes
        .body
        .since
        .as_ref()
        .map(|since| view! { <p>"since "{when(since.taken_at)}</p> });
    view! {
        <section class="card whatif" aria-labelledby="changes">
            <div class="card-head"><h2 id="changes">"What changed"</h2>{since}</div>
            <div class="card-body stack">{answer(here, &changes.body, "All that could connect then can now, and nothing else.")}</div>
        </section>
    }
    .into_any()
}
