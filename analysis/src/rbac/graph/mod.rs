//! The graph of access: who is bound, by what, to which role, which permits what. It begins aggregated, so that it stays
//! readable whatever the cluster's size, and opens where it is asked to.

mod groups;
mod layout;
mod objects;

use std::collections::{BTreeMap, BTreeSet};

use shared::rbac::graph::{Graph, GraphEdge, GraphNode, Layer, LayerSize, Mark};
use shared::rbac::lists::AccessSize;
use shared::rbac::{Grant, Subject, SubjectKind};

use super::{Binding, lists};
use crate::model::Snapshot;

pub use layout::{Place, rows};

use groups::Shown;
use objects::{Item, Marks, Objects, Wanted};

/// What of the graph is drawn.
#[derive(Debug, Default)]
pub struct Options<'a> {
    /// Ids of groups to open.
    pub open: BTreeSet<&'a str>,
    /// Only what goes through a subject, binding or role with this in its name; all where it is empty.
    pub text: &'a str,
    /// Only bindings that grant in this namespace and nowhere else; all where it is empty.
    pub namespace: &'a str,
    /// Only what leads to cluster-admin.
    pub only_hot: bool,
    /// Only these service accounts, as namespace and name, and no other subject.
    pub only_accounts: Option<&'a BTreeSet<(&'a str, &'a str)>>,
    /// Chains that answer the question.
    pub answer: &'a [Grant],
    /// Chains that lead to cluster-admin.
    pub hot: &'a [Grant],
}

/// Draws the graph of a snapshot.
pub fn graph(snapshot: &Snapshot, options: &Options<'_>) -> Graph {
    let marks = Marks::new(options.answer, options.hot);
    let text = options.text.to_lowercase();
    let wanted = Wanted {
        binding: &|binding| options.namespace.is_empty() || binding.meta.namespace == options.namespace,
        subject: &|binding, subject| options.wants(&marks, &text, binding, subject),
        marks: &marks,
    };
    let objects = Objects::new(snapshot, &wanted);
    let shown = groups::shown(&objects, &options.open);
    Graph {
        size: lists::size(snapshot),
        ..Drawing::new(&objects, &shown).graph()
    }
}

impl Options<'_> {
    fn wants(&self, marks: &Marks<'_>, text: &str, binding: &Binding<'_>, subject: &Subject) -> bool {
        let says = |name: &str| name.to_lowercase().contains(text);
        let is_account = |accounts: &BTreeSet<(&str, &str)>| {
            subject.kind == SubjectKind::ServiceAccount
                && accounts.contains(&(subject.namespace.as_str(), subject.name.as_str()))
        };
        let is_meant = text.is_empty()
            || says(&format!("{}/{}", subject.namespace, subject.name))
            || says(&format!("{}/{}", binding.meta.namespace, binding.meta.name))
            || says(&binding.role_ref.name);
        is_meant
            && (!self.only_hot || marks.is_hot(&binding.reference(), subject))
            && self.only_accounts.is_none_or(is_account)
    }
}

/// The nodes that are drawn, each with the items that it stands for.
struct Drawing<'a> {
    objects: &'a Objects,
    nodes: Vec<(Shown, Vec<usize>)>,
    /// The node of each item.
    node_of: Vec<usize>,
}

impl<'a> Drawing<'a> {
    fn new(objects: &'a Objects, shown: &[Shown]) -> Self {
        let mut behind: BTreeMap<(Layer, bool, &str, &Shown), Vec<usize>> = BTreeMap::new();
        for (place, shown) in shown.iter().enumerate() {
            let item = &objects.items[place];
            // Groups stand below what stands by itself, and all in the order of their names.
            let name = match shown {
                Shown::Item(_) => item.id.as_str(),
                Shown::Group(id) => id.as_str(),
            };
            let key = (item.layer, matches!(shown, Shown::Group(_)), name, shown);
            behind.entry(key).or_default().push(place);
        }
        let mut node_of = vec![0; objects.items.len()];
        for (node, items) in behind.values().enumerate() {
            items.iter().for_each(|item| node_of[*item] = node);
        }
        let nodes = behind
            .into_iter()
            .map(|((.., shown), items)| (shown.clone(), items))
            .collect();
        Self {
            objects,
            nodes,
            node_of,
        }
    }

    fn graph(&self) -> Graph {
        let mut edges: BTreeMap<(usize, usize), (u32, Mark)> = BTreeMap::new();
        for ((from, to), mark) in &self.objects.edges {
            let (count, most) = edges.entry((self.node_of[*from], self.node_of[*to])).or_default();
            *count += 1;
            *most = mark.max(most).to_owned();
        }
        let mut nodes: Vec<GraphNode> = self
            .nodes
            .iter()
            .map(|(shown, items)| self.node(shown, items))
            .collect();
        let places: Vec<Place> = nodes.iter().map(place).collect();
        let ends: Vec<(usize, usize)> = edges.keys().copied().collect();
        for (node, row) in nodes.iter_mut().zip(rows(&places, &ends)) {
            node.row = row;
        }
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Graph {
            layers: Layer::ALL.map(|layer| size(&nodes, layer)).into(),
            size: AccessSize::default(),
            nodes,
            edges: edges
                .into_iter()
                .map(|((from, to), (count, mark))| GraphEdge {
                    from: number(from),
                    to: number(to),
                    count,
                    mark,
                })
                .collect(),
        }
    }

    fn node(&self, shown: &Shown, items: &[usize]) -> GraphNode {
        let first = &self.objects.items[items[0]];
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let mark = items
            .iter()
            .map(|item| self.objects.items[*item].mark)
            .max()
            .unwrap_or_default();
        let (id, kind, name) = match shown {
            Shown::Item(_) => (first.id.clone(), first.kind.clone(), first.name.clone()),
            Shown::Group(id) => self.group(first, id, items),
        };
        let is_group = matches!(shown, Shown::Group(_));
        GraphNode {
            id,
            layer: first.layer,
            kind,
            name,
            count,
            is_group,
            mark,
            row: 0.0,
            subject: first.subject.clone().filter(|_| !is_group),
            object: first.object.clone().filter(|_| !is_group),
        }
    }

    /// A group in words: `161 subjects in 38 namespaces`.
    fn group(&self, first: &Item, id: &str, items: &[usize]) -> (String, String, String) {
        let group = first.groups.iter().find(|group| group.id == id);
        let kind = group.map(|group| group.kind.clone()).unwrap_or_default();
        let noun = group.map_or("objects", |group| group.noun);
        let inner: BTreeSet<&str> = items
            .iter()
            .filter_map(|item| {
                self.objects.items[*item]
                    .groups
                    .iter()
                    .skip_while(|group| group.id != id)
                    .nth(1)
            })
            .map(|group| group.id.as_str())
            .collect();
        let name = match inner.len() {
            0 => format!("{} {noun}", items.len()),
            namespaces => format!("{} {noun} in {namespaces} namespaces", items.len()),
        };
        (id.to_owned(), kind, name)
    }
}

/// What is special stands on top, groups at the bottom.
fn place(node: &GraphNode) -> Place {
    Place {
        layer: node.layer as usize,
        tier: match (node.mark, node.is_group) {
            (Mark::Answer, false) => 0,
            (Mark::Hot, false) => 1,
            (Mark::None, false) => 2,
            (_, true) => 3,
        },
    }
}

fn size(nodes: &[GraphNode], layer: Layer) -> LayerSize {
    let of = || nodes.iter().filter(|node| node.layer == layer);
    LayerSize {
        layer,
        objects: of().map(|node| node.count).sum(),
        nodes: u32::try_from(of().count()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests;
