//! Random clusters: namespaces, nodes and pods, of few labels and ports, with policies of all kinds, so that they meet.

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::policies::policy;

pub(super) const KEYS: &[&str] = &["app", "tier"];
pub(super) const VALUES: &[&str] = &["a", "b"];
pub(super) const PORTS: &[u16] = &[1, 53, 80, 81, 443, 8080, 65535];
pub(super) const NAMES: &[&str] = &["http", "dns"];
pub(super) const PROTOCOLS: &[&str] = &["TCP", "UDP", "SCTP"];
/// Addresses from which and to which is asked: inside the blocks, at their ends and outside.
pub const ADDRESSES: &[&str] = &[
    "10.0.1.2",
    "10.0.1.11",
    "10.255.255.255",
    "192.0.2.1",
    "8.8.8.8",
    "fd00::2",
    "2001:db8::1",
];
/// Ports that are asked about: those at the ends of the intervals that policies have, and those beside them.
pub const ASKED_PORTS: &[u16] = &[1, 2, 53, 54, 80, 81, 82, 443, 444, 8080, 8081, 65534, 65535];

/// A cluster, as JSON.
#[derive(Debug, Default)]
pub struct World {
    /// Namespaces.
    pub namespaces: Vec<Value>,
    /// Nodes.
    pub nodes: Vec<Value>,
    /// Pods.
    pub pods: Vec<Value>,
    /// Policies of all kinds.
    pub policies: Vec<Value>,
}

impl World {
    /// One with a few of everything.
    pub fn random(random: &mut StdRng) -> Self {
        let mut world = Self::default();
        for number in 0..random.random_range(1..4) {
            let meta = json!({"name": format!("n{number}"), "labels": labels(random)});
            world
                .namespaces
                .push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": meta}));
        }
        for number in 0..2 {
            let meta = json!({"name": format!("node{number}"), "labels": labels(random)});
            world
                .nodes
                .push(json!({"apiVersion": "v1", "kind": "Node", "metadata": meta}));
        }
        for number in 0..random.random_range(2..7) {
            let namespace = random.random_range(0..world.namespaces.len());
            world.pods.push(pod(random, number, namespace));
        }
        for number in 0..random.random_range(0..7) {
            let namespaces = world.namespaces.len();
            world.policies.push(policy(random, number, namespaces));
        }
        world
    }

    /// All objects.
    pub fn objects(&self) -> impl Iterator<Item = &Value> {
        self.namespaces
            .iter()
            .chain(&self.nodes)
            .chain(&self.pods)
            .chain(&self.policies)
    }
}

pub(super) fn pick<'a, T>(random: &mut StdRng, all: &'a [T]) -> &'a T {
    &all[random.random_range(0..all.len())]
}

fn labels(random: &mut StdRng) -> Value {
    let mut labels = json!({});
    for key in KEYS {
        if random.random_bool(0.7) {
            labels[*key] = json!(pick(random, VALUES));
        }
    }
    labels
}

fn pod(random: &mut StdRng, number: usize, namespace: usize) -> Value {
    let ports: Vec<Value> = NAMES
        .iter()
        .filter(|_| random.random_bool(0.6))
        .map(|name| json!({"name": name}))
        .collect();
    let ports: Vec<Value> = ports
        .into_iter()
        .map(|mut port| {
            port["containerPort"] = json!(pick(random, PORTS));
            if random.random_bool(0.6) {
                port["protocol"] = json!(pick(random, PROTOCOLS));
            }
            port
        })
        .collect();
    let mut spec = json!({"containers": [{"name": "c", "image": "i", "ports": ports}]});
    if random.random_bool(0.8) {
        spec["nodeName"] = json!(format!("node{}", random.random_range(0..2)));
    }
    if random.random_bool(0.15) {
        spec["hostNetwork"] = json!(true);
    }
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": format!("p{number}"), "namespace": format!("n{namespace}"), "labels": labels(random)},
        "spec": spec,
    });
    let v4 = json!({"ip": format!("10.0.{}.{number}", random.random_range(0..3))});
    let v6 = json!({"ip": format!("fd00::{number}")});
    match random.random_range(0..5) {
        0 => {}
        1 => pod["status"] = json!({"podIPs": [v4, v6]}),
        2 => pod["status"] = json!({"podIPs": [v6]}),
        _ => pod["status"] = json!({"podIPs": [v4]}),
    }
    pod
}
