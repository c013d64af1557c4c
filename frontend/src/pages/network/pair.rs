//! Who in a namespace may connect to whom in another: as a picture where that is small, and as a table.

use leptos::prelude::*;
use shared::network::graph::{Graph, GraphQuery, Node};
use shared::network::pairs::PairsQuery;

use super::told::{named, ports, reach_path};
use crate::api;
use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::load::{load_if, loaded, table_skeleton};
use crate::components::table::{row, table};
use crate::format;
use crate::here::{Here, encode};

/// More nodes on one side are no picture.
const MOST: usize = 12;
/// How many pairs are listed.
const LISTED: usize = 200;
/// The size of a node, and the room between two, in pixels.
const WIDTH: usize = 172;
const HEIGHT: usize = 38;
const GAP: usize = 14;

/// The card of the two namespaces that are chosen. It stays while others are.
pub(super) fn card(here: Here) -> AnyView {
    let (from, to) = (here.watch("from"), here.watch("to"));
    let is_chosen = Memo::new(move |_| from.with(Option::is_some) && to.with(Option::is_some));
    let graph = load_if(move || {
        let at = here.at();
        Some(api::network::graph(&GraphQuery {
            cluster: at.cluster,
            at: at.at,
            from: from.get()?,
            to: to.get()?,
        }))
    });
    let opened = move || graph.map(|graph| open(&graph.body));
    let body = move || match is_chosen.get() {
        false => unchosen(),
        true => view! {
            <section class="card pair" aria-labelledby="pair">
                <div class="card-head">
                    <h2 id="pair"><code>{from}</code>" to "<code>{to}</code></h2>
                    <p>{opened}</p>
                </div>
                {loaded(graph, "connections", || table_skeleton(5), move |graph| shown(here, &graph.body))}
            </section>
        }
        .into_any(),
    };
    body.into_any()
}

fn unchosen() -> AnyView {
    let text = "Press a square of the matrix, or use the arrow keys: here stands which workloads are connected, and by which ports.";
    view! { <section class="card" aria-label="Selection">{empty("Choose two namespaces", text, ())}</section> }
        .into_any()
}

fn open(graph: &Graph) -> String {
    format!(
        "{} of {} open",
        format::number(graph.open),
        format::count(graph.pairs, "pair of workloads", "pairs of workloads")
    )
}

fn shown(here: Here, graph: &Graph) -> AnyView {
    if graph.edges.is_empty() {
        let text = match graph.pairs {
            0 => "There are no two workloads of which one could connect to the other.",
            _ => "Policies cut off every pair of workloads.",
        };
        return empty("Nothing may pass", text, ());
    }
    let is_small = graph.sources.len() <= MOST && graph.destinations.len() <= MOST;
    let listed = graph.edges.len().min(LISTED);
    let more = (graph.open > listed as u64).then(|| format!("The first {} are listed.", format::number(listed as u64)));
    view! { {is_small.then(|| picture(graph))}{rows(here, graph)}<p class="card-foot">{more}{file(here)}</p> }
        .into_any()
}

/// All of them as a file.
fn file(here: Here) -> AnyView {
    let to = move || {
        let at = here.at();
        let query = PairsQuery {
            cluster: at.cluster,
            at: at.at,
            from: here.param("from"),
            to: here.param("to"),
        };
        api::network::pairs_file(&query, "csv")
    };
    view! { <a class="link" href=to download="connections.csv">"All of them as CSV"</a> }.into_any()
}

fn rows(here: Here, graph: &Graph) -> AnyView {
    let edge = |edge: &shared::network::graph::Edge| {
        let (from, to) = (&graph.sources[edge.from], &graph.destinations[edge.to]);
        let why = format!(
            "/network?view=reach&of={}&with={}",
            encode(&named(&from.workload)),
            encode(&named(&to.workload))
        );
        row(
            "",
            vec![
                ("", workload(here, from)),
                ("", workload(here, to)),
                ("num", ports(&edge.connections).into_any()),
                ("tight", link(here, "link", why, "Why")),
            ],
        )
    };
    let heads = [("", "From"), ("", "To"), ("num", "Ports"), ("tight", "Why")];
    table(
        "Connections",
        "table fits",
        &heads,
        graph.edges.iter().take(LISTED).map(edge).collect(),
    )
}

fn workload(here: Here, node: &Node) -> AnyView {
    let to = reach_path(&named(&node.workload));
    view! {
        <span class="sub">{node.workload.kind.clone()}</span>
        {link(here, "mono", to, node.workload.name.clone())}
    }
    .into_any()
}

/// Two columns and the lines between them.
fn picture(graph: &Graph) -> AnyView {
    let rows = graph.sources.len().max(graph.destinations.len());
    let (width, height) = (440, rows * (HEIGHT + GAP) + GAP);
    let edges: Vec<_> = graph
        .edges
        .iter()
        .map(|edge| {
            let (from, to) = (middle(edge.from), middle(edge.to));
            let (start, end) = (WIDTH + 1, width - WIDTH - 1);
            let path = format!(
                "M{start} {from}C{} {from} {} {to} {end} {to}",
                (start + end) / 2,
                (start + end) / 2
            );
            view! { <path class="edge" d=path></path> }
        })
        .collect();
    let column = |nodes: &[Node], x: usize| -> Vec<AnyView> {
        nodes
            .iter()
            .enumerate()
            .map(|(place, node)| boxed(node, x, place))
            .collect()
    };
    view! {
        <div class="graph" aria-hidden="true">
            <svg width="100%" viewBox=format!("0 0 {width} {height}")>
                {edges}
                {column(&graph.sources, 1)}
                {column(&graph.destinations, width - WIDTH - 1)}
            </svg>
        </div>
    }
    .into_any()
}

fn middle(place: usize) -> usize {
    GAP + place * (HEIGHT + GAP) + HEIGHT / 2
}

fn boxed(node: &Node, x: usize, place: usize) -> AnyView {
    let at = format!("translate({x} {})", GAP + place * (HEIGHT + GAP));
    let name = match node.workload.name.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", &node.workload.name[..end]),
        None => node.workload.name.clone(),
    };
    view! {
        <g class="node" transform=at>
            <rect class="box" width=WIDTH.to_string() height=HEIGHT.to_string() rx="6"></rect>
            <text class="kind" x="10" y="15">{node.workload.kind.clone()}</text>
            <text class="name" x="10" y="30">{name}</text>
            <text class="count" x=(WIDTH - 8).to_string() y="15" text-anchor="end">{format::count(node.pods, "pod", "pods")}</text>
        </g>
    }
    .into_any()
}
