//! The way in: the steps that a pod takes, in the order in which the API server takes them.

use leptos::prelude::*;
use shared::admission::{Stage, Step};

use super::step::step;
use crate::components::card::Card;
use crate::here::Here;

/// A phase: its name, what is said of it, and which stages belong to it.
type Phase = (&'static str, &'static str, fn(Stage) -> bool);

/// The two halves of the way: nothing is judged before everything was changed.
const PHASES: [Phase; 2] = [
    (
        "First the pod is changed",
        "one step after the other, each on what those before it made of the pod",
        |stage| stage <= Stage::Reinvocation,
    ),
    (
        "Then it is judged",
        "one no is enough, and whatever the order, all must let it pass",
        |stage| stage > Stage::Reinvocation,
    ),
];

/// All steps.
pub(super) fn way_in(here: Here, steps: &[Step]) -> AnyView {
    let phases: Vec<_> = PHASES.iter().map(|phase| drawn(here, phase, steps)).collect();
    view! {
        <Card id="way-in" title="What happens to a pod on its way in">
            <div class="way-in">
                <p class="end">"A request to create a pod, which may be made"</p>
                {phases}
                <p class="end">"The pod is written down, and a node is sought for it"</p>
            </div>
        </Card>
    }
    .into_any()
}

fn drawn(
    here: Here,
    (title, note, holds): &(&'static str, &'static str, fn(Stage) -> bool),
    steps: &[Step],
) -> AnyView {
    let steps: Vec<_> = steps
        .iter()
        .filter(|step| holds(step.stage))
        .map(|of| step(here, of))
        .collect();
    view! { <h3>{*title}<span>{*note}</span></h3><ol>{steps}</ol> }.into_any()
}
