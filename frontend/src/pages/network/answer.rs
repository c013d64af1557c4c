//! What changes: how much, and each pair.

use leptos::prelude::*;
use shared::network::change::{ChangedPair, There};
use shared::network::changes::Changes;
use shared::page::AsOf;

use super::told::{end, param, ports};
use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::table::{row, table};
use crate::format;
use crate::here::{Here, at_param, encode};
use crate::pages::quotas::gaps;

/// How many pairs are listed at a time.
const STEP: usize = 100;

/// What changes; `none` says that nothing does.
pub(super) fn answer(here: Here, changes: &Changes, none: &'static str) -> AnyView {
    let summary = &changes.summary;
    let figure = |label: &'static str, n: u64, small: &'static str| {
        view! { <div><dt>{label}</dt><dd>{format::number(n)}<small>{small}</small></dd></div> }
    };
    let pairs = match changes.pairs.is_empty() {
        true => empty("Nothing changes", none, ()),
        false => listed(here, changes),
    };
    let all = summary.opened.max(summary.cut);
    let more = (all > changes.pairs.len() as u64 && !changes.pairs.is_empty()).then(|| {
        let text = format!("The first {} are listed.", format::number(changes.pairs.len() as u64));
        view! { <p class="card-foot">{text}</p> }
    });
    view! {
        {gaps(&changes.gaps)}
        <dl class="effects">
            {figure("Opens", summary.opened, "pairs")}
            {figure("Cuts", summary.cut, "pairs")}
            {figure("Touches", summary.pods, "pods")}
        </dl>
        {pairs}
        {more}
    }
    .into_any()
}

/// The first pairs, and a way to the next ones.
fn listed(here: Here, changes: &Changes) -> AnyView {
    let (since, all) = (changes.since.clone(), changes.pairs.len());
    let pairs = StoredValue::new(changes.pairs.clone());
    let shown = RwSignal::new(STEP);
    let left = move || all.saturating_sub(shown.get());
    let table = move || pairs.with_value(|pairs| rows(here, &pairs[..shown.get().min(all)], since.as_ref()));
    let words = move || format!("Show {} more of {}", left().min(STEP), format::number(all as u64));
    view! {
        {table}
        <p hidden=move || left() == 0>
            <button type="button" class="btn small" on:click=move |_| shown.update(|shown| *shown += STEP)>{words}</button>
        </p>
    }
    .into_any()
}

fn rows(here: Here, pairs: &[ChangedPair], since: Option<&AsOf>) -> AnyView {
    let each = pairs.iter().map(|pair| {
        let there = match pair.there {
            There::Both => None,
            There::Before => Some("gone"),
            There::After => Some("new"),
        };
        let there = there.map(|word| view! { " "<span class="tag">{word}</span> });
        let told = |class: &'static str, connections| {
            let text = ports(connections);
            (text != "none")
                .then(|| view! { <span class=class>{text}</span> })
                .into_any()
        };
        let mut cells = vec![
            ("", end(here, &pair.source)),
            ("", view! { {end(here, &pair.destination)}{there} }.into_any()),
            ("", told("t-medium", &pair.added)),
            ("", told("t-pass", &pair.removed)),
        ];
        cells.extend(since.map(|since| ("tight", why(here, pair, since))));
        row("", cells)
    });
    let mut heads = vec![("", "From"), ("", "To"), ("", "Opened"), ("", "Cut off")];
    heads.extend(since.map(|_| ("tight", "Why")));
    table("Changed connections", "table fits", &heads, each.collect())
}

/// The ways to what the policies said of a pair and say of it now, at those of the two instants at which both ends are there.
fn why(here: Here, pair: &ChangedPair, since: &AsOf) -> AnyView {
    let to = format!(
        "/network?view=reach&of={}&with={}",
        encode(&param(&pair.source)),
        encode(&param(&pair.destination))
    );
    let then = format!("{to}&at={}", encode(&at_param(since.taken_at)));
    let before = (pair.there != There::After).then(|| link(here, "link", then, "Before"));
    let after = (pair.there != There::Before).then(|| link(here, "link", to, "After"));
    view! { {before}" "{after} }.into_any()
}
