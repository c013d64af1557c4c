//! Random policies of all kinds, of few labels, ports and blocks.

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::world::{KEYS, NAMES, PORTS, PROTOCOLS, VALUES, pick};

const BLOCKS: &[&str] = &[
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.0.1.0/24",
    "10.0.1.9/30",
    "10.0.1.2/32",
    "192.0.2.0/24",
    "::/0",
    "fd00::/16",
    "fd00::2/128",
];
/// Blocks, each with one strictly within it.
const WITHIN: &[(&str, &str)] = &[
    ("0.0.0.0/0", "10.0.0.0/8"),
    ("10.0.0.0/8", "10.0.1.0/24"),
    ("10.0.1.0/24", "10.0.1.2/32"),
    ("::/0", "fd00::/16"),
];

fn selector(random: &mut StdRng) -> Value {
    let mut selector = json!({});
    if random.random_bool(0.5) {
        selector["matchLabels"] = json!({*pick(random, KEYS): pick(random, VALUES)});
    }
    if random.random_bool(0.25) {
        let operator = *pick(random, &["In", "NotIn", "Exists", "DoesNotExist"]);
        let mut expression = json!({"key": pick(random, KEYS), "operator": operator});
        if matches!(operator, "In" | "NotIn") {
            expression["values"] = json!([pick(random, VALUES)]);
        }
        selector["matchExpressions"] = json!([expression]);
    }
    selector
}

fn many(random: &mut StdRng, most: usize, one: fn(&mut StdRng) -> Value) -> Vec<Value> {
    (0..random.random_range(0..=most)).map(|_| one(random)).collect()
}

fn some(random: &mut StdRng, most: usize, one: fn(&mut StdRng) -> Value) -> Vec<Value> {
    (0..random.random_range(1..=most)).map(|_| one(random)).collect()
}

/// A policy of any kind, for one of the namespaces `n0`, `n1` and so on or for the cluster.
pub(super) fn policy(random: &mut StdRng, number: usize, namespaces: usize) -> Value {
    let name = format!("policy{number}");
    // Priorities differ: which of two equal ones holds is undefined.
    match random.random_range(0..10) {
        0..6 => {
            let namespace = format!("n{}", random.random_range(0..namespaces));
            json!({
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": {"name": name, "namespace": namespace}, "spec": namespaced(random),
            })
        }
        6..9 => {
            let mut spec = wide(random, "Accept", wide_protocols);
            spec["tier"] = json!(pick(random, &["Admin", "Baseline"]));
            spec["priority"] = json!(number);
            json!({
                "apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy",
                "metadata": {"name": name}, "spec": spec,
            })
        }
        _ => {
            let mut spec = wide(random, "Allow", wide_ports);
            spec["priority"] = json!(number);
            let kind = *pick(random, &["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"]);
            json!({
                "apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": kind,
                "metadata": {"name": name}, "spec": spec,
            })
        }
    }
}

fn namespaced(random: &mut StdRng) -> Value {
    let mut spec = json!({"podSelector": selector(random)});
    match random.random_range(0..5) {
        0 => {}
        1 => spec["policyTypes"] = json!(["Ingress"]),
        2 => spec["policyTypes"] = json!(["Egress"]),
        _ => spec["policyTypes"] = json!(["Ingress", "Egress"]),
    }
    spec["ingress"] = json!(many(random, 2, |random| rule(random, "from")));
    spec["egress"] = json!(many(random, 2, |random| rule(random, "to")));
    spec
}

fn rule(random: &mut StdRng, peers: &str) -> Value {
    let mut rule = json!({});
    if random.random_bool(0.8) {
        rule[peers] = json!(many(random, 2, peer));
    }
    if random.random_bool(0.7) {
        rule["ports"] = json!(many(random, 2, port));
    }
    rule
}

fn peer(random: &mut StdRng) -> Value {
    match random.random_range(0..5) {
        0 => json!({"podSelector": selector(random)}),
        1 => json!({"namespaceSelector": selector(random)}),
        2 => json!({"namespaceSelector": selector(random), "podSelector": selector(random)}),
        3 => json!({"ipBlock": {"cidr": pick(random, BLOCKS)}}),
        _ => {
            let (whole, within) = pick(random, WITHIN);
            json!({"ipBlock": {"cidr": whole, "except": [within]}})
        }
    }
}

fn port(random: &mut StdRng) -> Value {
    let mut port = json!({});
    if random.random_bool(0.7) {
        port["protocol"] = json!(pick(random, PROTOCOLS));
    }
    match random.random_range(0..4) {
        0 => {}
        1 => port["port"] = json!(pick(random, NAMES)),
        2 => port["port"] = json!(pick(random, PORTS)),
        _ => {
            let (first, last) = range(random);
            port["port"] = json!(first);
            port["endPort"] = json!(last);
        }
    }
    port
}

fn range(random: &mut StdRng) -> (u16, u16) {
    let (one, two) = (*pick(random, PORTS), *pick(random, PORTS));
    (one.min(two), one.max(two))
}

fn wide(random: &mut StdRng, accept: &str, ports: fn(&mut StdRng) -> (&'static str, Vec<Value>)) -> Value {
    let mut rules = |is_egress: bool| -> Vec<Value> {
        let one = |random: &mut StdRng| {
            let action = *pick(random, &[accept, "Deny", "Pass"]);
            let field = if is_egress { "to" } else { "from" };
            let peer = if is_egress { egress_peer } else { wide_peer };
            let mut rule = json!({"action": action, field: some(random, 2, peer)});
            if random.random_bool(0.6) {
                let (field, ports) = ports(random);
                rule[field] = json!(ports);
            }
            rule
        };
        (0..random.random_range(0..3)).map(|_| one(random)).collect()
    };
    let (ingress, egress) = (rules(false), rules(true));
    json!({"subject": wide_pods(random), "ingress": ingress, "egress": egress})
}

fn wide_pods(random: &mut StdRng) -> Value {
    match random.random_bool(0.5) {
        true => json!({"namespaces": selector(random)}),
        false => json!({"pods": {"namespaceSelector": selector(random), "podSelector": selector(random)}}),
    }
}

/// Now and then one of a sort that nobody knows.
fn wide_peer(random: &mut StdRng) -> Value {
    match random.random_bool(0.05) {
        true => json!({}),
        false => wide_pods(random),
    }
}

fn egress_peer(random: &mut StdRng) -> Value {
    match random.random_range(0..6) {
        0 => json!({"nodes": selector(random)}),
        1 => json!({"networks": some(random, 2, |random| json!(pick(random, BLOCKS)))}),
        _ => wide_peer(random),
    }
}

fn wide_ports(random: &mut StdRng) -> (&'static str, Vec<Value>) {
    let one = |random: &mut StdRng| match random.random_range(0..3) {
        0 => json!({"portNumber": {"protocol": pick(random, PROTOCOLS), "port": pick(random, PORTS)}}),
        1 => {
            let (start, end) = range(random);
            json!({"portRange": {"protocol": pick(random, PROTOCOLS), "start": start, "end": end}})
        }
        _ => json!({"namedPort": pick(random, NAMES)}),
    };
    ("ports", some(random, 2, one))
}

fn wide_protocols(random: &mut StdRng) -> (&'static str, Vec<Value>) {
    let one = |random: &mut StdRng| {
        let protocol = pick(random, PROTOCOLS).to_lowercase();
        match random.random_range(0..4) {
            0 => json!({"destinationNamedPort": pick(random, NAMES)}),
            1 => json!({protocol: {}}),
            2 => json!({protocol: {"destinationPort": {"number": pick(random, PORTS)}}}),
            _ => {
                let (start, end) = range(random);
                json!({protocol: {"destinationPort": {"range": {"start": start, "end": end}}}})
            }
        }
    };
    ("protocols", some(random, 2, one))
}
