//! Where the nodes and edges of the graph stand, in the drawing's own units.

use shared::rbac::graph::{Graph, GraphEdge, GraphNode, Layer};

/// The width of the drawing.
pub(super) const WIDTH: i32 = 1140;
/// The height of a node.
pub(super) const NODE: i32 = 40;
/// How far apart two rows stand.
const ROW: f32 = 56.0;
/// Where the first row stands, below the headings.
const TOP: f32 = 48.0;
/// The left side and the width of each layer.
const COLUMNS: [(i32, i32); 4] = [(9, 222), (302, 210), (581, 210), (868, 254)];
/// The advance of a character of a name.
const CHARACTER: i32 = 7;

/// The left side and the width of a layer.
pub(super) fn column(layer: Layer) -> (i32, i32) {
    COLUMNS[layer as usize]
}

/// The upper left corner of a node.
pub(super) fn corner(node: &GraphNode) -> (i32, i32) {
    (column(node.layer).0, (TOP + node.row * ROW) as i32)
}

/// Where a layer begins, from above.
pub(super) fn top(graph: &Graph, layer: Layer) -> i32 {
    let nodes = graph.nodes.iter().filter(|node| node.layer == layer);
    nodes.map(|node| corner(node).1).min().unwrap_or(TOP as i32)
}

/// The height of the drawing.
pub(super) fn height(graph: &Graph) -> i32 {
    let last = graph.nodes.iter().map(|node| corner(node).1).max().unwrap_or(0);
    last + NODE + 22
}

/// The curve of an edge; none where it names a node that is not there.
pub(super) fn curve(graph: &Graph, edge: &GraphEdge) -> Option<String> {
    let (from, to) = (graph.nodes.get(edge.from as usize)?, graph.nodes.get(edge.to as usize)?);
    let ((left, above), (right, below)) = (corner(from), corner(to));
    let (left, above, below) = (left + column(from.layer).1, above + NODE / 2, below + NODE / 2);
    let middle = (left + right) / 2;
    Some(format!(
        "M{left} {above}C{middle} {above} {middle} {below} {right} {below}"
    ))
}

/// The class that says how many edges an edge stands for.
pub(super) fn weight(count: u32) -> &'static str {
    match count {
        0..=1 => "",
        2..=9 => " w2",
        10..=99 => " w3",
        _ => " w4",
    }
}

/// As much of a name as fits into a node of the layer.
pub(super) fn fitting(layer: Layer, name: &str) -> String {
    let room = (column(layer).1 - 22) / CHARACTER;
    let room = usize::try_from(room).unwrap_or(0);
    if name.chars().count() <= room {
        return name.to_owned();
    }
    let kept: String = name.chars().take(room - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use shared::rbac::graph::Mark;

    use super::*;

    fn node(layer: Layer, row: f32) -> GraphNode {
        GraphNode {
            id: String::new(),
            layer,
            kind: String::new(),
            name: String::new(),
            count: 1,
            is_group: false,
            mark: Mark::None,
            row,
            subject: None,
            object: None,
        }
    }

    #[test]
    fn an_edge_runs_from_the_middle_of_a_side_to_the_middle_of_the_next() {
        let graph = Graph {
            nodes: vec![node(Layer::Subjects, 0.0), node(Layer::Bindings, 1.0)],
            ..Graph::default()
        };
        let edge = |to| GraphEdge {
            from: 0,
            to,
            count: 1,
            mark: Mark::None,
        };
        assert_eq!(
            curve(&graph, &edge(1)).as_deref(),
            Some("M231 68C266 68 266 124 302 124")
        );
        assert_eq!(curve(&graph, &edge(2)), None);
        assert_eq!((top(&graph, Layer::Subjects), top(&graph, Layer::Bindings)), (48, 104));
        assert_eq!(height(&graph), 166);
    }

    #[test]
    fn long_names_end_in_dots() {
        let long = "a".repeat(60);
        assert_eq!(fitting(Layer::Roles, "web"), "web");
        assert_eq!(fitting(Layer::Roles, &long).chars().count(), 26);
        assert!(fitting(Layer::Roles, &long).ends_with('…'));
    }
}
