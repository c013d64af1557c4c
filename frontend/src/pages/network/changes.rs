//! What may pass that could not at an earlier instant, and the other way round.

use leptos::prelude::*;
use shared::network::changes::{Changes, ChangesQuery};
use shared::page::Stamped;

use super::answer::answer;
use crate::api;
use crate::components::empty::empty;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::since::{compare_with_now, from_to, since, spans};
use crate::here::Here;

/// The card. The spans stay where there is nothing to compare with: another may do.
pub(super) fn part(here: Here) -> AnyView {
    let changes = load(move || {
        let at = here.at();
        api::network::changes(&ChangesQuery {
            cluster: at.cluster,
            at: at.at,
            since: Some(since(here)),
        })
    });
    let between = move || changes.map(|changes| between(here, changes));
    view! {
        <section class="card whatif" aria-labelledby="changes">
            <div class="card-head">
                <h2 id="changes">"What changed"</h2>
                <p>{between}</p>
                <div class="end">{move || compare_with_now(here, "/network?view=changes")}{move || spans(here)}</div>
            </div>
            {loaded(changes, "changes", || table_skeleton(8), move |changes| shown(here, changes))}
        </section>
    }
    .into_any()
}

fn between(here: Here, changes: &Stamped<Changes>) -> Option<AnyView> {
    let (from, to) = (changes.body.since.as_ref()?, changes.as_of.as_ref()?);
    Some(from_to(since(here), from, to))
}

fn shown(here: Here, changes: &Stamped<Changes>) -> AnyView {
    let from = changes.body.since.as_ref();
    if from.is_some() && from == changes.as_of.as_ref() {
        let text = "Nothing was read in between: both instants show the same snapshot.";
        return empty("There are no two states to compare", text, ());
    }
    let none = "All that could connect then can now, and nothing else.";
    view! { <div class="card-body stack">{answer(here, &changes.body, none)}</div> }.into_any()
}
