//! Frameworks side by side.

use leptos::prelude::*;
use shared::compliance::standing::Standing;

use super::parts::{bar, rests_on};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::Here;

/// A card for each framework: the newest version of each, and the one that is chosen; older versions are folded away.
pub(super) fn cards(here: Here, frameworks: &[Standing], chosen: Option<&str>) -> AnyView {
    let is_chosen = |one: &Standing| chosen == Some(one.id.as_str());
    let mut titles: Vec<&str> = Vec::new();
    let (mut shown, mut rest) = (Vec::new(), Vec::new());
    for one in frameworks {
        let is_newest = !titles.contains(&one.title.as_str());
        titles.push(&one.title);
        let place = if is_newest || is_chosen(one) {
            &mut shown
        } else {
            &mut rest
        };
        place.push(card(here, one, is_chosen(one)));
    }
    let rest = (!rest.is_empty()).then(|| {
        let count = format::count(rest.len() as u64, "older version", "older versions");
        view! {
            <details class="more-frameworks">
                <summary>{count}</summary>
                <div class="frameworks">{rest}</div>
            </details>
        }
    });
    view! { <nav class="stack tight-gap" aria-label="Frameworks"><div class="frameworks">{shown}</div>{rest}</nav> }
        .into_any()
}

fn card(here: Here, one: &Standing, is_chosen: bool) -> AnyView {
    let to = here.with(&[("framework", Some(&one.id)), ("show", None), ("cursor", None)]);
    let own = one.is_own.then(|| tag(Tone::Plain, "your own"));
    let full = format!("{} {}", one.title, one.version);
    let standing = match &one.score {
        None => view! { <span class="small muted">{format::count(one.controls, "control", "controls")}", no snapshot yet"</span> }
            .into_any(),
        Some(score) => {
            let value = score.value.map_or_else(
                || view! { <span class="big">"–"<small>" no score"</small></span> }.into_any(),
                |value| view! { <span class="big">{format::score(Some(value))}<small>" of 100"</small></span> }.into_any(),
            );
            view! { {value}{bar(&score.controls)}<span class="small muted">{rests_on(score)}</span> }.into_any()
        }
    };
    view! {
        <a href=to data-noscroll title=full aria-current=is_chosen.then_some("true")>
            <b>{one.name.clone()}{own}</b>
            {standing}
        </a>
    }
    .into_any()
}
