//! Where the nodes of a layered graph stand: an order in each layer with few crossings (the barycentre heuristic of
//! Sugiyama, Tagawa and Toda, 1981), then places near their neighbours.

use std::cmp::Ordering;

/// How often the layers are gone through, there and back.
const SWEEPS: usize = 4;

/// A node to be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its layer, from 0.
    pub layer: usize,
    /// Nodes of a lower tier stand above those of a higher one.
    pub tier: u8,
}

/// The row of each node, the least being 0 and those of one layer at least 1 apart. Edges lead from a layer to the next; nodes
/// come in the order in which they stand where nothing else decides.
pub fn rows(nodes: &[Place], edges: &[(usize, usize)]) -> Vec<f32> {
    let graph = Graph::new(nodes, edges);
    let mut layers = graph.in_layers();
    let mut best = layers.clone();
    let mut fewest = graph.crossings(&best);
    for _ in 0..SWEEPS {
        graph.sweep(&mut layers);
        let crossings = graph.crossings(&layers);
        if crossings >= fewest {
            break;
        }
        (best, fewest) = (layers.clone(), crossings);
    }
    graph.place(&best)
}

struct Graph<'a> {
    nodes: &'a [Place],
    /// The neighbours of each node on its left and on its right.
    neighbours: [Vec<Vec<usize>>; 2],
}

const LEFT: usize = 0;
const RIGHT: usize = 1;

impl<'a> Graph<'a> {
    fn new(nodes: &'a [Place], edges: &[(usize, usize)]) -> Self {
        let mut neighbours = [vec![Vec::new(); nodes.len()], vec![Vec::new(); nodes.len()]];
        for &(from, to) in edges {
            neighbours[RIGHT][from].push(to);
            neighbours[LEFT][to].push(from);
        }
        Self { nodes, neighbours }
    }

    fn in_layers(&self) -> Vec<Vec<usize>> {
        let count = self.nodes.iter().map(|node| node.layer + 1).max().unwrap_or(0);
        let mut layers = vec![Vec::new(); count];
        for (place, node) in self.nodes.iter().enumerate() {
            layers[node.layer].push(place);
        }
        for layer in &mut layers {
            layer.sort_by_key(|place| self.nodes[*place].tier);
        }
        layers
    }

    /// Orders each layer by where its neighbours stand: from the left to the right, and back.
    fn sweep(&self, layers: &mut [Vec<usize>]) {
        for layer in 1..layers.len() {
            self.order(layers, layer, layer - 1, LEFT);
        }
        for layer in (0..layers.len().saturating_sub(1)).rev() {
            self.order(layers, layer, layer + 1, RIGHT);
        }
    }

    fn order(&self, layers: &mut [Vec<usize>], layer: usize, beside: usize, side: usize) {
        let mut at = vec![0.0; self.nodes.len()];
        for (row, place) in layers[beside].iter().enumerate() {
            at[*place] = row as f32;
        }
        // Who has no neighbour there stays where they are.
        let mut keyed: Vec<(u8, f32, usize)> = layers[layer]
            .iter()
            .enumerate()
            .map(|(row, place)| {
                let middle = mean(&self.neighbours[side][*place], &at).unwrap_or(row as f32);
                (self.nodes[*place].tier, middle, *place)
            })
            .collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        layers[layer] = keyed.into_iter().map(|(_, _, place)| place).collect();
    }

    /// How many pairs of edges cross.
    fn crossings(&self, layers: &[Vec<usize>]) -> u64 {
        let mut row = vec![0; self.nodes.len()];
        for layer in layers {
            for (at, place) in layer.iter().enumerate() {
                row[*place] = at;
            }
        }
        layers.iter().map(|layer| self.crossings_from(layer, &row)).sum()
    }

    /// Edges sorted by their left ends cross as often as their right ends stand in the wrong order, which a tree of partial sums
    /// (Fenwick, 1994) counts.
    fn crossings_from(&self, layer: &[usize], row: &[usize]) -> u64 {
        let mut sums = vec![0_u64; self.nodes.len() + 1];
        let (mut crossings, mut seen) = (0, 0);
        for place in layer {
            let mut ends: Vec<usize> = self.neighbours[RIGHT][*place].iter().map(|end| row[*end]).collect();
            ends.sort_unstable();
            crossings += ends.iter().map(|end| seen - up_to(&sums, *end)).sum::<u64>();
            seen += ends.len() as u64;
            ends.iter().for_each(|end| add(&mut sums, *end));
        }
        crossings
    }

    /// Rows: each layer as near to its left neighbours as its order allows, the first near to its right ones.
    fn place(&self, layers: &[Vec<usize>]) -> Vec<f32> {
        let mut row = vec![0.0; self.nodes.len()];
        for layer in layers {
            for (at, place) in layer.iter().enumerate() {
                row[*place] = at as f32;
            }
        }
        let longest = (0..layers.len()).max_by_key(|layer| (layers[*layer].len(), std::cmp::Reverse(*layer)));
        let longest = longest.unwrap_or(0);
        // The longest layer stands close, and all others follow it.
        for layer in layers.iter().skip(longest + 1) {
            self.settle(layer, LEFT, &mut row);
        }
        for layer in layers.iter().take(longest).rev() {
            self.settle(layer, RIGHT, &mut row);
        }
        let top = row.iter().copied().fold(f32::INFINITY, f32::min);
        row.iter().map(|row| row - top).collect()
    }

    fn settle(&self, layer: &[usize], side: usize, row: &mut [f32]) {
        let mut wanted: Vec<f32> = Vec::with_capacity(layer.len());
        for place in layer {
            // Who has no neighbour follows the one above.
            let next = wanted.last().map_or(0.0, |last| last + 1.0);
            wanted.push(mean(&self.neighbours[side][*place], row).unwrap_or(next));
        }
        for (place, at) in layer.iter().zip(spread(&wanted)) {
            row[*place] = at;
        }
    }
}

fn mean(places: &[usize], at: &[f32]) -> Option<f32> {
    (!places.is_empty()).then(|| places.iter().map(|place| at[*place]).sum::<f32>() / places.len() as f32)
}

/// The places nearest to the wanted ones, by least squares, that keep the order and stand at least 1 apart: what is wanted, less
/// the distance, made monotonic by pooling whatever is not (Ayer and others, 1955).
fn spread(wanted: &[f32]) -> Vec<f32> {
    let mut pools: Vec<(f32, usize)> = Vec::new();
    for (at, wanted) in wanted.iter().enumerate() {
        pools.push((wanted - at as f32, 1));
        while let [.., (above, m), (below, n)] = pools.as_slice()
            && above.partial_cmp(below) == Some(Ordering::Greater)
        {
            let both = (above * *m as f32 + below * *n as f32) / (m + n) as f32;
            let size = m + n;
            pools.truncate(pools.len() - 2);
            pools.push((both, size));
        }
    }
    let levels = pools
        .into_iter()
        .flat_map(|(level, size)| std::iter::repeat_n(level, size));
    levels.enumerate().map(|(at, level)| level + at as f32).collect()
}

fn add(sums: &mut [u64], at: usize) {
    let mut place = at + 1;
    while place < sums.len() {
        sums[place] += 1;
        place += place & place.wrapping_neg();
    }
}

/// How many were added at this place or before.
fn up_to(sums: &[u64], at: usize) -> u64 {
    let (mut place, mut sum) = (at + 1, 0);
    while place > 0 {
        sum += sums[place];
        place -= place & place.wrapping_neg();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(of: &[usize]) -> Vec<Place> {
        let layer = |(layer, count): (usize, &usize)| vec![Place { layer, tier: 0 }; *count];
        of.iter().enumerate().flat_map(layer).collect()
    }

    /// The definition: two edges cross where their ends stand in opposite orders.
    fn crossings(edges: &[(usize, usize)], rows: &[f32], nodes: &[Place]) -> usize {
        let crosses = |a: &(usize, usize), b: &(usize, usize)| {
            nodes[a.0].layer == nodes[b.0].layer && (rows[a.0] - rows[b.0]) * (rows[a.1] - rows[b.1]) < 0.0
        };
        let pairs = edges
            .iter()
            .enumerate()
            .flat_map(|(n, a)| edges[n + 1..].iter().map(move |b| (a, b)));
        pairs.filter(|(a, b)| crosses(a, b)).count()
    }

    #[test]
    fn crossed_edges_are_uncrossed() {
        let nodes = layers(&[3, 3]);
        let edges = [(0, 5), (1, 4), (2, 3)];
        assert_eq!(crossings(&edges, &rows(&nodes, &edges), &nodes), 0);
    }

    #[test]
    fn a_node_stands_in_the_middle_of_its_neighbours() {
        let nodes = layers(&[3, 1]);
        assert_eq!(rows(&nodes, &[(0, 3), (1, 3), (2, 3)]), [0.0, 1.0, 2.0, 1.0]);
    }

    #[test]
    fn a_lower_tier_stands_above_whatever_its_edges_say() {
        let mut nodes = layers(&[2, 2]);
        nodes[1].tier = 0;
        nodes[0].tier = 1;
        let rows = rows(&nodes, &[(0, 2), (1, 3)]);
        assert!(rows[1] < rows[0]);
        assert!(rows[3] < rows[2]);
    }

    #[test]
    fn crossings_are_counted_as_defined_and_never_grow() {
        let mut seed = 7_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        for _ in 0..200 {
            let sizes = [random(6) + 1, random(6) + 1, random(6) + 1];
            let nodes = layers(&sizes);
            let mut edges: Vec<(usize, usize)> = (0..random(20))
                .map(|_| match random(2) {
                    0 => (random(sizes[0]), sizes[0] + random(sizes[1])),
                    _ => (sizes[0] + random(sizes[1]), sizes[0] + sizes[1] + random(sizes[2])),
                })
                .collect();
            edges.sort_unstable();
            edges.dedup();
            let graph = Graph::new(&nodes, &edges);
            let start = graph.in_layers();
            let as_given: Vec<f32> = {
                let mut rows = vec![0.0; nodes.len()];
                start
                    .iter()
                    .flat_map(|layer| layer.iter().enumerate())
                    .for_each(|(row, place)| rows[*place] = row as f32);
                rows
            };
            let before = crossings(&edges, &as_given, &nodes);
            assert_eq!(graph.crossings(&start), before as u64);
            let placed = rows(&nodes, &edges);
            assert!(crossings(&edges, &placed, &nodes) <= before);
            for layer in 0..3 {
                let mut of: Vec<f32> = (0..nodes.len())
                    .filter(|n| nodes[*n].layer == layer)
                    .map(|n| placed[n])
                    .collect();
                of.sort_by(f32::total_cmp);
                assert!(of.windows(2).all(|pair| pair[1] - pair[0] > 0.999), "{of:?}");
            }
        }
    }

    #[test]
    fn nothing_is_laid_out_as_nothing() {
        assert!(rows(&[], &[]).is_empty());
    }
}
