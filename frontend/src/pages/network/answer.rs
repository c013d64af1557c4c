//! What changes: how much, and each pair.

use leptos::prelude::*;
use shared::network::change::{ChangedPair, There};
use shared::network::changes::Changes;

use super::told::{end, ports};
use crate::components::empty::empty;
use crate::components::table::{row, table};
use crate::format;
use crate::here::Here;
use crate::pages::quotas::gaps;

/// What changes; `none` says that nothing does.
pub(super) fn answer(here: Here, changes: &Changes, none: &'static str) -> AnyView {
    let summary = &changes.summary;
    let figure = |label: &'static str, n: u64, small: &'static str| {
        view! { <div><dt>{label}</dt><dd>{format::number(n)}<small>{small}</small></dd></div> }
    };
    let listed = match changes.pairs.is_empty() {
        true => empty("Nothing changes", none, ()),
        false => rows(here, &changes.pairs),
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
        {listed}
        {more}
    }
    .into_any()
}

fn rows(here: Here, pairs: &[ChangedPair]) -> AnyView {
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
        row(
            "",
            vec![
                ("", end(here, &pair.source)),
                ("", view! { {end(here, &pair.destination)}{there} }.into_any()),
                ("", told("t-medium", &pair.added)),
                ("", told("t-pass", &pair.removed)),
            ],
        )
    });
    let heads = [("", "From"), ("", "To"), ("", "Opened"), ("", "Cut off")];
    table("Changed connections", "table fits", &heads, each.collect())
}
