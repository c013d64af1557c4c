//! The graph as a picture.

use leptos::prelude::*;
use shared::rbac::graph::{Graph, GraphEdge, GraphNode, LayerSize, Mark};

use super::geometry::{NODE, WIDTH, column, corner, curve, fitting, height, top, weight};
use crate::format;

/// The picture, `scale` times its own size. Nodes carry their place in the list as `data-n`.
pub(super) fn drawing(graph: &Graph, scale: f64) -> AnyView {
    let height = height(graph);
    let heads: Vec<_> = graph.layers.iter().map(|of| head(graph, of)).collect();
    let edges: Vec<_> = graph.edges.iter().map(|of| edge(graph, of)).collect();
    let nodes: Vec<_> = graph.nodes.iter().enumerate().map(node).collect();
    view! {
        <div class="sheet" style:width=scaled(WIDTH, scale) style:height=scaled(height, scale)>
            <div class="drawn" style:transform=transform(scale, (0.0, 0.0))>
                <svg
                    width=WIDTH.to_string()
                    height=height.to_string()
                    role="img"
                    aria-labelledby="graph-title graph-words"
                >
                    <title id="graph-title">"Who may do what"</title>
                    <desc id="graph-words">{words(graph)}</desc>
                    {heads}
                    <g>{edges}</g>
                    <g>{nodes}</g>
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// A length of the drawing on the page.
pub(super) fn scaled(length: i32, scale: f64) -> String {
    format!("{}px", (f64::from(length) * scale) as i32)
}

/// The drawing is scaled and not laid out anew: browsers scale what they have painted while it moves.
pub(super) fn transform(scale: f64, (right, down): (f64, f64)) -> String {
    format!("translate({right:.1}px, {down:.1}px) scale({scale:.4})")
}

fn words(graph: &Graph) -> String {
    let size = graph.size;
    let hot = graph.nodes.iter().filter(|node| node.mark == Mark::Hot).count();
    let hot = match hot {
        0 => String::new(),
        hot => format!(
            " {} on the way to cluster-admin.",
            format::count(hot as u64, "node lies", "nodes lie")
        ),
    };
    format!(
        "{} bound through {} to {}.{hot} The tables list the same.",
        format::count(size.subjects, "subject is", "subjects are"),
        format::count(size.bindings, "binding", "bindings"),
        format::count(size.roles, "role", "roles"),
    )
}

/// The heading of a layer, above its first node.
fn head(graph: &Graph, of: &LayerSize) -> AnyView {
    let (x, y) = (column(of.layer).0, top(graph, of.layer) - 22);
    let objects = format::number(of.objects);
    view! {
        <text class="column" x=x.to_string() y=y.to_string()>{of.layer.title()}<tspan dx="6">{objects}</tspan></text>
    }
    .into_any()
}

fn edge(graph: &Graph, of: &GraphEdge) -> AnyView {
    view! { <path class=format!("edge{}{}", marked(of.mark), weight(of.count)) d=curve(graph, of)/> }.into_any()
}

fn marked(mark: Mark) -> &'static str {
    match mark {
        Mark::None => "",
        Mark::Answer => " on",
        Mark::Hot => " hot",
    }
}

fn node((n, of): (usize, &GraphNode)) -> AnyView {
    let (x, y) = corner(of);
    let width = column(of.layer).1;
    let many = if of.is_group { " many" } else { "" };
    let behind = of.is_group.then(|| {
        let plus = format!("M{} 13h8m-4-4v8", width - 20);
        view! {
            <rect class="back" x="5" y="5" width=width.to_string() height=NODE.to_string() rx="6"/>
            <rect class="box" width=width.to_string() height=NODE.to_string() rx="6"/>
            <path class="glyph" d=plus/>
        }
    });
    let front =
        (!of.is_group).then(|| view! { <rect class="box" width=width.to_string() height=NODE.to_string() rx="6"/> });
    view! {
        <g class=format!("node{}{many}", marked(of.mark)) data-n=n.to_string() transform=format!("translate({x} {y})")>
            <title>{format!("{} {}", of.kind, of.name)}</title>
            {behind}
            {front}
            <text class="kind" x="12" y="16">{fitting(of.layer, &of.kind)}</text>
            <text class="name" x="12" y="31">{fitting(of.layer, &of.name)}</text>
        </g>
    }
    .into_any()
}
