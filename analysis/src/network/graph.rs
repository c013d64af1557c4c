//! What may connect to what between the workloads of two namespaces.

use std::collections::BTreeMap;

use shared::network::Endpoint;
use shared::network::graph::{Edge, Graph, Node};

use super::engine::Network;
use super::interned::{ALL, NONE};
use super::listing::{Listed, Unit, shares_node, units};
use super::model::Model;

/// How many pairs are listed. More are no picture, and a table that nobody reads.
const MOST: usize = 2_000;

/// The graph from a namespace to another, or within one. A workload with itself is left out.
pub fn graph(model: &Model, network: &Network, from: &str, to: &str) -> Graph {
    let units = units(model, network);
    let within = |namespace: &str| -> Vec<&Unit> {
        let is_in = |unit: &&Unit| model.workloads[unit.workload].namespace == namespace;
        units.iter().filter(is_in).collect()
    };
    let (sources, destinations) = (within(from), within(to));
    let (mut sets, mut listed) = (network.sets().clone(), Listed::default());
    let (mut graph, mut left, mut right) = (Graph::default(), Nodes::default(), Nodes::default());
    for source in &sources {
        for destination in destinations.iter().filter(|other| other.workload != source.workload) {
            graph.pairs += 1;
            let id = match shares_node(source, destination) {
                true => ALL,
                false => network.pass(&mut sets, source.class, destination.class),
            };
            if id == NONE {
                continue;
            }
            graph.open += 1;
            if graph.edges.len() < MOST {
                graph.edges.push(Edge {
                    from: left.place(source),
                    to: right.place(destination),
                    connections: listed.of(&sets, id),
                });
            }
        }
    }
    (graph.sources, graph.destinations) = (left.nodes, right.nodes);
    graph
}

/// One side, of which only those count who have a connection.
#[derive(Default)]
struct Nodes {
    nodes: Vec<Node>,
    places: BTreeMap<Endpoint, usize>,
}

impl Nodes {
    fn place(&mut self, unit: &Unit) -> usize {
        if let Some(place) = self.places.get(&unit.endpoint) {
            return *place;
        }
        let place = self.nodes.len();
        if let Endpoint::Workload(workload) = &unit.endpoint {
            self.nodes.push(Node {
                workload: workload.clone(),
                pods: unit.pods,
            });
        }
        self.places.insert(unit.endpoint.clone(), place);
        place
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::cluster::Cluster;
    use crate::fixture::snapshot;
    use crate::network::read;

    #[test]
    fn a_selection_shows_who_is_connected_and_counts_who_is_not() {
        let deployment = |namespace: &str, name: &str| {
            format!(
                "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}
---
"
            )
        };
        let policy = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
";
        let all = [("shop", "job"), ("shop", "web"), ("data", "db"), ("data", "queue")];
        let manifests: String = all.map(|(namespace, name)| deployment(namespace, name)).concat();
        let snapshot = snapshot(&(manifests + policy));
        let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
        let network = Network::new(&model, read::policies(&snapshot).0);
        let told = |from: &str, to: &str| {
            let graph = graph(&model, &network, from, to);
            let edge = |edge: &Edge| {
                let (from, to) = (
                    &graph.sources[edge.from].workload,
                    &graph.destinations[edge.to].workload,
                );
                format!("{} {}", from.name, to.name)
            };
            (
                graph.edges.iter().map(edge).collect::<Vec<_>>(),
                graph.open,
                graph.pairs,
            )
        };
        assert_eq!(
            told("shop", "data"),
            (vec!["job queue".to_owned(), "web db".into(), "web queue".into()], 3, 4)
        );
        assert_eq!(told("data", "data"), (vec!["db queue".to_owned()], 1, 2));
        assert_eq!(told("data", "none"), (Vec::new(), 0, 0));
    }
}
