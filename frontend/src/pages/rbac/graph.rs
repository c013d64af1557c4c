//! The graph: subjects, bindings, roles and permissions in four layers. It is a picture; the tables are the same in words.

mod drawing;
mod geometry;
mod hand;
mod opened;
mod paths;

use leptos::prelude::*;
use shared::page::Stamped;
use shared::rbac::graph::{Graph, Mark};

use crate::components::empty::empty;
use crate::components::filter::namespace;
use crate::components::icon::{Icon, icon_small};
use crate::components::link::link;
use crate::components::load::{Load, loaded};
use crate::components::search::search_field;
use crate::format;
use crate::here::Here;
use hand::{Hand, hand};

const HOW: &str = "Access graph. Arrow keys move from node to node, Enter opens, plus and minus zoom.";

/// The card.
pub(super) fn card(here: Here, drawn: Load<Stamped<Graph>>) -> AnyView {
    let hand = hand(here);
    Effect::new(move |_| {
        hand.at.track();
        hand.light(None);
    });
    let shape = || view! { <div class="skeleton drawing"></div> }.into_any();
    view! {
        <section class="card" aria-labelledby="graph">
            <div class="card-head">
                <h2 id="graph">"Graph"</h2>
                <p>"aggregated; "{icon_small(Icon::Plus)}" opens a group"</p>
                <div class="end legend">{move || drawn.map(legend)}</div>
            </div>
            <div class="filters graph-filters" role="search" aria-label="Filter the graph">
                {search_field(here, "Subject, binding or role")}
                {namespace(here, "within")}
                {move || opened::chips(here)}
            </div>
            <div
                class="graph"
                tabindex="0"
                role="region"
                aria-label=HOW
                node_ref=hand.frame
                on:mouseover=move |event| hand.over(&event)
                on:mouseleave=move |_| { hand.release(); hand.light(None); }
                on:mousedown=move |event| hand.press(&event)
                on:mousemove=move |event| hand.drag(&event)
                on:mouseup=move |_| hand.release()
                on:click=move |event| hand.click(&event)
                on:wheel=move |event| hand.wheel(&event)
                on:keydown=move |event| hand.key(&event)
            >
                {loaded(drawn, "graph", shape, move |drawn| shown(here, hand, drawn))}
            </div>
            <p class="sr" role="status">{move || hand.words()}</p>
            {move || drawn.map(|drawn| foot(here, hand, &drawn.body))}
        </section>
    }
    .into_any()
}

fn shown(here: Here, hand: Hand, drawn: &Stamped<Graph>) -> AnyView {
    let graph = &drawn.body;
    let scale = hand.take(graph);
    if !graph.nodes.is_empty() {
        return drawing::drawing(graph, scale);
    }
    let filtered = ["q", "within", "only"].iter().any(|name| here.param(name).is_some());
    match (drawn.as_of.is_some(), filtered) {
        (false, _) => {
            let text = "Access is drawn here after the first snapshot.";
            empty(
                "The cluster was not read yet",
                text,
                link(here, "btn", "/snapshots", "Snapshots"),
            )
        }
        (true, true) => empty(
            "Nothing matches",
            "No binding has all of what is asked for.",
            link(here, "btn", "/access", "Clear filters"),
        ),
        (true, false) => empty("Nothing is bound", "No binding was read.", ()),
    }
}

/// What colours mean, as far as they occur.
fn legend(drawn: &Stamped<Graph>) -> AnyView {
    let has = |mark: Mark| drawn.body.nodes.iter().any(|node| node.mark == mark);
    let hot = has(Mark::Hot).then(|| view! { <span><i class="line k-critical"></i>"leads to cluster-admin"</span> });
    let answer = has(Mark::Answer).then(|| view! { <span><i class="line k-sea"></i>"answers the question"</span> });
    view! { {hot}{answer} }.into_any()
}

fn foot(here: Here, hand: Hand, graph: &Graph) -> AnyView {
    let objects: u32 = graph.layers.iter().map(|layer| layer.objects).sum();
    let nodes = format::count(graph.nodes.len() as u64, "node", "nodes");
    let only = move |word: &'static str, label: &'static str| {
        let is_on = move || here.param("only").as_deref() == Some(word);
        let press = move |_| here.set(&[("only", (!untrack(is_on)).then_some(word))]);
        view! {
            <button type="button" class="btn quiet small" aria-pressed=move || is_on().to_string() on:click=press>{label}</button>
        }
    };
    view! {
        <div class="card-foot">
            <span>{format!("Showing {nodes} for {}. ", format::count(objects, "object", "objects"))}
                {link(here, "link", "/access?view=table", "The same as tables")}
            </span>
            <span class="end row">
                {only("escalation", "Only paths to cluster-admin")}
                {only("in-use", "Only service accounts in use")}
                {zoom("Smaller", "−", move || hand.nearer(false))}
                {zoom("Larger", "+", move || hand.nearer(true))}
                {zoom("Fit into the frame", "Fit", move || hand.fit())}
            </span>
        </div>
    }
    .into_any()
}

fn zoom(label: &'static str, words: &'static str, press: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="btn small" aria-label=label title=label on:click=move |_| press()>{words}</button>
    }
    .into_any()
}
