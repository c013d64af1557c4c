//! What a node of the graph is connected with, and which node an arrow key leads to.

use shared::rbac::graph::{Graph, GraphNode, Layer};

/// Which nodes and edges lie on a path through a node.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Through {
    pub(super) nodes: Vec<bool>,
    pub(super) edges: Vec<bool>,
}

/// All paths through a node: what leads to it, and what it leads to.
pub(super) fn through(graph: &Graph, node: usize) -> Through {
    let (before, leading) = reached(graph, node, false);
    let (after, led) = reached(graph, node, true);
    let either = |a: Vec<bool>, b: Vec<bool>| a.into_iter().zip(b).map(|(a, b)| a || b).collect();
    Through {
        nodes: either(before, after),
        edges: either(leading, led),
    }
}

fn reached(graph: &Graph, node: usize, forward: bool) -> (Vec<bool>, Vec<bool>) {
    let mut nodes: Vec<bool> = (0..graph.nodes.len()).map(|other| other == node).collect();
    let mut edges = vec![false; graph.edges.len()];
    // A path crosses each gap between two layers once.
    for _ in 1..Layer::ALL.len() {
        for (edge, is_lit) in graph.edges.iter().zip(&mut edges) {
            let (near, far) = match forward {
                true => (edge.from, edge.to),
                false => (edge.to, edge.from),
            };
            if nodes.get(near as usize) == Some(&true)
                && let Some(far) = nodes.get_mut(far as usize)
            {
                (*far, *is_lit) = (true, true);
            }
        }
    }
    (nodes, edges)
}

/// Where an arrow key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
    Left,
    Right,
}

/// The node that lies that way: the next one of the layer, or, sideways, the nearest neighbour. None at the end.
pub(super) fn next(graph: &Graph, node: usize, way: Way) -> Option<usize> {
    let from = graph.nodes.get(node)?;
    let far = |other: &usize| (graph.nodes[*other].row - from.row).abs();
    let nearest = |among: Vec<usize>| among.into_iter().min_by(|a, b| far(a).total_cmp(&far(b)));
    let all = |wanted: &dyn Fn(&GraphNode) -> bool| -> Vec<usize> {
        (0..graph.nodes.len())
            .filter(|other| wanted(&graph.nodes[*other]))
            .collect()
    };
    match way {
        Way::Up => nearest(all(&|other| other.layer == from.layer && other.row < from.row)),
        Way::Down => nearest(all(&|other| other.layer == from.layer && other.row > from.row)),
        Way::Left | Way::Right => {
            let lit = through(graph, node).nodes;
            let layer = beside(from.layer, way)?;
            let beside = all(&|other| other.layer == layer);
            let linked: Vec<usize> = beside.iter().copied().filter(|other| lit[*other]).collect();
            nearest(if linked.is_empty() { beside } else { linked })
        }
    }
}

fn beside(layer: Layer, way: Way) -> Option<Layer> {
    let at = layer as usize;
    let at = if way == Way::Left { at.checked_sub(1)? } else { at + 1 };
    Layer::ALL.get(at).copied()
}

#[cfg(test)]
mod tests {
    use shared::rbac::graph::{GraphEdge, Mark};

    use super::*;

    /// Two subjects, a binding of each, and a role that both grant.
    fn graph() -> Graph {
        let node = |layer, row| GraphNode {
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
        };
        let edge = |(from, to)| GraphEdge {
            from,
            to,
            count: 1,
            mark: Mark::None,
        };
        Graph {
            nodes: vec![
                node(Layer::Subjects, 0.0),
                node(Layer::Subjects, 1.0),
                node(Layer::Bindings, 0.0),
                node(Layer::Bindings, 1.0),
                node(Layer::Roles, 0.5),
            ],
            edges: [(0, 2), (1, 3), (2, 4), (3, 4)].map(edge).into(),
            ..Graph::default()
        }
    }

    #[test]
    fn paths_lead_through_a_node_and_nowhere_else() {
        let lit = through(&graph(), 2);
        assert_eq!(lit.nodes, [true, false, true, false, true]);
        assert_eq!(lit.edges, [true, false, true, false]);
        assert_eq!(through(&graph(), 4).edges, [true; 4]);
    }

    #[test]
    fn arrows_lead_to_neighbours_and_end_at_the_sides() {
        let graph = graph();
        let way = |from, way| next(&graph, from, way);
        assert_eq!(way(0, Way::Down), Some(1));
        assert_eq!(way(0, Way::Up), None);
        assert_eq!(way(1, Way::Right), Some(3));
        assert_eq!(way(3, Way::Right), Some(4));
        assert_eq!(way(4, Way::Right), None);
        assert_eq!(way(0, Way::Left), None);
    }
}
