//! What would close most ways, and what roles and bindings can't tell.

use leptos::prelude::*;
use shared::escalations::{Blind, Cut};

use super::way::change;
use crate::components::card::card;
use crate::components::object::{short_name, subject_path};
use crate::format;
use crate::here::Here;

/// How many subjects are named.
const NAMED: usize = 10;

/// The changes that close most, each the best of what is left.
pub(super) fn cut(here: Here, cut: &Cut) -> AnyView {
    if cut.fixes.is_empty() {
        return ().into_any();
    }
    let changes: Vec<_> = cut
        .fixes
        .iter()
        .map(|fix| view! { <li>{change(here, fix)}</li> })
        .collect();
    let foot = format!(
        "Of all four kinds together, they close {} of {}. No fewer than {} can.",
        format::number(u64::from(cut.closes)),
        format::count(u64::from(cut.of), "way", "ways"),
        format::count(u64::from(cut.lower_bound), "change", "changes"),
    );
    let content = view! { <ol class="cut">{changes}</ol><div class="card-foot"><span>{foot}</span></div> };
    card("cut", ("What closes most", ""), None, content.into_any())
}

/// What other parts of the cluster decide.
pub(super) fn blind(here: Here, blind: &[Blind]) -> AnyView {
    let one = |of: &Blind| {
        let subjects = of.subjects.iter().take(NAMED).map(|subject| {
            let to = subject_path(subject);
            let name = short_name(&subject.namespace, &subject.name);
            view! { " "<a class="mono" href=move || here.link(&to)>{name}</a> }
        });
        let subjects: Vec<_> = subjects.collect();
        view! { <li>{of.text.clone()}{subjects}</li> }
    };
    let list: Vec<_> = blind.iter().map(one).collect();
    let content = view! { <ul class="blind">{list}</ul> };
    card(
        "blind",
        ("What roles and bindings can't tell", ""),
        None,
        content.into_any(),
    )
}
