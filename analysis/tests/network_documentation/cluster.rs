//! A cluster, and what may pass in it under policies.

use analysis::cluster::Cluster;
use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use analysis::network::ends::{self, End};
use analysis::network::engine::Network;
use analysis::network::model::Model;
use analysis::network::read;
use chrono::DateTime;
use serde_json::Value;
use shared::snapshots::Collected;

/// The shop and whoever may want something of it.
const CLUSTER: &str = "
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: partner, labels: {project: partner, stage: backend}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: staging, labels: {stage: frontend}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {role: db}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {role: frontend}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: batch, namespace: shop, labels: {role: batch}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: partner, labels: {role: frontend}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: batch, namespace: partner, labels: {role: batch}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: staging, labels: {role: frontend}}, spec: {nodeName: one}}
---
{apiVersion: v1, kind: Node, metadata: {name: one}}
---
{apiVersion: v1, kind: Node, metadata: {name: two}}
---
apiVersion: v1
kind: Pod
metadata: {name: agent-one, namespace: shop, labels: {role: frontend}}
spec: {nodeName: one, hostNetwork: true}
status: {podIPs: [{ip: 203.0.113.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent-two, namespace: shop, labels: {role: frontend}}
spec:
  nodeName: two
  hostNetwork: true
  containers: [{name: agent, image: agent, ports: [{name: metrics, containerPort: 9100}]}]
status: {podIPs: [{ip: 203.0.113.2}]}
";

fn snapshot(policies: &[&str]) -> Snapshot {
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL {
        snapshot.set(*kind, Collected::Collected { count: 0 }, Vec::new());
    }
    let documents = CLUSTER.split("\n---\n").chain(policies.iter().copied());
    for document in documents {
        let value: Value = serde_saphyr::from_str(document).unwrap();
        let kind = Kind::of_manifest(value["apiVersion"].as_str().unwrap(), value["kind"].as_str().unwrap()).unwrap();
        snapshot.put(normalise(Object::deserialize(kind, value).unwrap()).unwrap());
    }
    snapshot
}

/// A pod of the cluster by namespace and name, or an address.
fn end(model: &Model, text: &str) -> End {
    let Some((namespace, name)) = text.split_once('/') else {
        return End::Address(text.parse().unwrap());
    };
    let is_it = |entry: &usize| {
        let pods = &model.pods[*entry];
        model.namespaces[pods.namespace].name == namespace && pods.each[0].pod == name
    };
    End::Pod((0..model.pods.len()).find(is_it).unwrap(), 0)
}

/// What may pass from one end to another under policies: `all`, `nothing`, or the ports of each protocol.
pub(crate) fn passes(policies: &[&str], from: &str, to: &str) -> String {
    let snapshot = snapshot(policies);
    let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    let (policies, flaws) = read::policies(&snapshot);
    assert_eq!(flaws, []);
    let network = Network::new(&model, policies);
    let connections = ends::connections(&model, &network, end(&model, from), end(&model, to));
    if connections.is_all() {
        return "all".into();
    }
    let each = connections.each().filter(|(_, ports)| !ports.is_empty());
    let told = each.map(|(protocol, ports)| format!("{} {:?}", protocol.name(), ports.intervals()));
    let told: Vec<String> = told.collect();
    match told.as_slice() {
        [] => "nothing".into(),
        told => told.join(", "),
    }
}

/// A policy of the shop, of which the specification is given.
pub(crate) fn policy(name: &str, spec: &str) -> String {
    format!(
        "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {spec}"
    )
}
