//! Which namespace can reach which: a square for each two, darker the more pairs of pods are open. A press, or the arrow keys,
//! choose one, and beside it stands who is connected.

mod drawing;
mod picture;
mod pointing;

use leptos::prelude::*;
use shared::network::coverage::Coverage;
use shared::network::pairs::PairsQuery;

use super::pair;
use crate::api;
use crate::components::empty::empty;
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::menu::Menu;
use crate::components::search::search_field;
use crate::format;
use crate::here::Here;
use drawing::{Order, drawing};
use picture::picture;

/// The card, and beside it who is connected.
pub(super) fn card(here: Here, coverage: &Coverage) -> AnyView {
    if coverage
        .namespaces
        .iter()
        .all(|namespace| namespace.protection.pods == 0)
    {
        return empty(
            "There are no pods",
            "Where pods run, it stands here who can reach them.",
            (),
        );
    }
    let kept = StoredValue::new(coverage.clone());
    let (word, text) = (here.watch("order"), here.watch("q"));
    let order = move || Order::of(word.get().as_deref());
    let drawn = Memo::new(move |_| {
        let text = text.get().unwrap_or_default();
        kept.with_value(|coverage| drawing(coverage, order(), &text))
    });
    let choose = move |event: leptos::ev::Event| {
        let order = event_target_value(&event);
        here.set(&[("order", (order == "name").then_some("name"))]);
    };
    let left_out = drawn.with_untracked(|drawn| drawn.left_out);
    view! {
        <div class="grid">
            <section class="card c7" aria-labelledby="matrix">
                <div class="card-head">
                    <h2 id="matrix">"Who can reach whom"</h2>
                    <p>"from the row, to the column"</p>
                    <div class="end filters">
                        {(left_out > 0).then(|| search_field(here, "Put namespace first"))}
                        <select class="select" aria-label="Order" on:change=choose>
                            <option value="open" selected=move || order() == Order::Open>"Most open first"</option>
                            <option value="name" selected=move || order() == Order::Name>"A to Z"</option>
                        </select>
                        {export(here)}
                    </div>
                </div>
                {move || picture(here, drawn.get())}
                <div class="card-foot">{legend()}{(left_out > 0).then(|| rest(here, left_out))}</div>
            </section>
            <div class="stack c5">{pair::card(here)}</div>
        </div>
    }
    .into_any()
}

/// All pairs of workloads as a file.
fn export(here: Here) -> AnyView {
    let to = move |ending: &str| {
        let at = here.at();
        let query = PairsQuery {
            cluster: at.cluster,
            at: at.at,
            ..PairsQuery::default()
        };
        api::network::pairs_file(&query, ending)
    };
    let one = move |name: &'static str, ending: &'static str| {
        let file = format!("connections.{ending}");
        view! { <li><a href=move || to(ending) download=file>{name}<small>"all pairs of workloads"</small></a></li> }
    };
    view! {
        <Menu button=view! { {icon(Icon::Download)}"Export" }.into_any() class="btn" label="Export">
            <ul>{one("CSV", "csv")}{one("JSON", "json")}</ul>
        </Menu>
    }
    .into_any()
}

fn rest(here: Here, left_out: usize) -> AnyView {
    let text = format!("{} more are left out of the picture. ", format::number(left_out as u64));
    view! { <span>{text}{link(here, "link", "/network?view=namespaces", "All of them as a table")}</span> }.into_any()
}

fn legend() -> AnyView {
    let shades = ["none", "to 10 %", "to 25", "to 50", "to 90", "more"]
        .into_iter()
        .enumerate();
    let items: Vec<_> = shades
        .map(|(place, words)| view! { <span><i class=format!("s{place}")></i>{words}</span> })
        .collect();
    view! { <div class="legend"><span>"Share of pairs of pods that are open, if only for some ports"</span>{items}</div> }
        .into_any()
}
