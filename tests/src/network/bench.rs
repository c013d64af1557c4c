//! How fast the network engine is, on clusters of four sizes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use analysis::cluster::Cluster;
use analysis::model::{Kind, Object, Snapshot};
use analysis::network::classes::ClassId;
use analysis::network::ends::{End, connections};
use analysis::network::engine::Network;
use analysis::network::model::Model;
use analysis::network::rule::Policy;
use analysis::network::{listing, read};
use anyhow::{Result, ensure};
use chrono::DateTime;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::snapshots::Collected;

/// The largest: 10,000 pods in 500 namespaces under 1,000 policies. Each is half of the next.
pub(super) const PARTS: [usize; 4] = [8, 4, 2, 1];
const PODS: usize = 10_000;
const NAMESPACES: usize = 500;
const POLICIES: usize = 1_000;
/// Pods of a workload.
const REPLICAS: usize = 4;
/// How many questions are asked about two pods.
const QUESTIONS: usize = 100_000;

/// A row of the table: what, its target, what was measured.
pub type Row = (String, &'static str, String);

/// Measures every size.
///
/// # Errors
/// The cluster can't be made.
pub fn table() -> Result<Vec<Row>> {
    let mut table = Vec::new();
    for part in PARTS {
        table.extend(size(part)?);
    }
    Ok(table)
}

/// The whole matrix of the largest cluster, for a process of which the memory is that of this: how many entries it has that let
/// something through.
///
/// # Errors
/// The cluster can't be made.
pub fn matrix_alone(before: impl FnOnce() -> Result<()>) -> Result<usize> {
    let (model, policies) = cluster(1)?;
    before()?;
    Ok(matrix(&Network::new(&model, policies)))
}

fn size(part: usize) -> Result<Vec<Row>> {
    let (model, policies) = cluster(part)?;
    let network = Network::new(&model, policies.clone());
    let classes = network.classes.all.len();
    let of = format!("{}, {classes} classes", size_of(part));
    let target = |text: &'static str| if part == 1 { text } else { "" };
    let whole = least(|| matrix(&Network::new(&model, policies.clone())));
    let begun = Instant::now();
    let mut pairs = 0_usize;
    listing::pairs(&model, &network, |pair| {
        black_box(pair);
        pairs += 1;
        Ok::<(), std::convert::Infallible>(())
    })?;
    let listed = begun.elapsed();
    Ok(vec![
        (
            format!("network: {of}: classes and their whole matrix, one core"),
            target("1 s"),
            format!("{:.1} ms", whole.as_secs_f64() * 1e3),
        ),
        (
            format!("network: {of}: one question about two pods"),
            target("10 µs"),
            format!("{:.2} µs", question(&model, &network) * 1e6),
        ),
        (
            format!("network: {of}: all {pairs} pairs of workloads listed"),
            "",
            format!("{:.2} s", listed.as_secs_f64()),
        ),
        (
            format!("network: {of}: the model, as JSON"),
            target("2 MB"),
            format!("{:.2} MB", serde_json::to_vec(&model)?.len() as f64 / 1e6),
        ),
    ])
}

/// How large a cluster is, in words.
pub(super) fn size_of(part: usize) -> String {
    format!(
        "{} pods, {} namespaces, {} policies",
        PODS / part,
        NAMESPACES / part,
        POLICIES / part
    )
}

fn matrix(network: &Network) -> usize {
    let mut open = 0;
    network.matrix(|_: ClassId, row, sets| {
        open += row.iter().filter(|id| !sets.get(**id).is_empty()).count();
    });
    black_box(open)
}

/// The seconds that an answer takes, when all is warm.
fn question(model: &Model, network: &Network) -> f64 {
    let mut random = StdRng::seed_from_u64(2);
    let mut any = || {
        let entry = random.random_range(0..model.pods.len());
        End::Pod(entry, random.random_range(0..model.pods[entry].each.len()))
    };
    let asked: Vec<(End, End)> = (0..QUESTIONS).map(|_| (any(), any())).collect();
    let all = least(|| {
        let answers = asked.iter().map(|(from, to)| connections(model, network, *from, *to));
        answers.filter(|answer| answer.is_empty()).count()
    });
    all.as_secs_f64() / QUESTIONS as f64
}

/// The least of three.
fn least<T>(mut work: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let begun = Instant::now();
        black_box(work());
        begun.elapsed()
    };
    (0..3).map(once).min().unwrap_or_default()
}

fn cluster(part: usize) -> Result<(Model, Vec<Policy>)> {
    let snapshot = snapshot(part)?;
    let (policies, flaws) = read::policies(&snapshot);
    ensure!(flaws.is_empty(), "the API server would refuse one: {flaws:?}");
    let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    Ok((model, policies))
}

/// The cluster of which the largest is `part` times the size.
///
/// # Errors
/// An object does not decode: our mistake.
pub fn snapshot(part: usize) -> Result<Snapshot> {
    let mut random = StdRng::seed_from_u64(1);
    let (pods, namespaces) = (PODS / part, NAMESPACES / part);
    let spaces = (0..namespaces).map(|number| {
        let labels = json!({"kubernetes.io/metadata.name": name(number), "team": format!("team-{}", number % 50), "tier": format!("tier-{}", number % 3)});
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name(number), "labels": labels}})
    });
    let mut objects: Vec<Value> = spaces.collect();
    let each = pods / namespaces;
    objects.extend((0..namespaces).flat_map(|namespace| (0..each).map(move |number| pod(namespace, number))));
    objects.extend((0..POLICIES / part).map(|number| policy(&mut random, number, namespaces)));
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in [Kind::Namespace, Kind::Pod, Kind::NetworkPolicy] {
        let of_kind = objects.iter().filter(|object| object["kind"] == kind.info().kind);
        let objects: Vec<Object> = of_kind
            .map(|object| Object::deserialize(kind, object))
            .collect::<Result<_, _>>()?;
        let count = u32::try_from(objects.len())?;
        snapshot.set(kind, Collected::Collected { count }, objects);
    }
    Ok(snapshot)
}

/// What a namespace is called.
pub(super) fn name(namespace: usize) -> String {
    format!("namespace-{namespace:03}")
}

fn app(number: usize) -> String {
    format!("app-{}", number / REPLICAS)
}

fn pod(namespace: usize, number: usize) -> Value {
    let app = app(number);
    let role = if (number / REPLICAS).is_multiple_of(2) {
        "front"
    } else {
        "back"
    };
    let owner = json!([{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": app, "uid": "1", "controller": true}]);
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": format!("{app}-{number}"), "namespace": name(namespace), "ownerReferences": owner,
            "labels": {"app": app, "role": role, "statefulset.kubernetes.io/pod-name": format!("{app}-{number}")},
        },
        "spec": {"containers": [{"name": "main", "image": "i", "ports": [{"name": "http", "containerPort": 8080}]}]},
        "status": {"podIP": format!("10.{}.{}.{number}", namespace / 256, namespace % 256)},
    })
}

/// In each namespace one that closes it but to itself, and one that opens an application to some others and lets it out to some
/// addresses.
fn policy(random: &mut StdRng, number: usize, namespaces: usize) -> Value {
    let namespace = name(number % namespaces);
    let spec = match number / namespaces {
        0 => json!({"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}),
        _ => {
            let team = json!({"matchLabels": {"team": format!("team-{}", random.random_range(0..50))}});
            let role = json!({"matchLabels": {"role": if random.random_bool(0.5) { "front" } else { "back" }}});
            let out = json!({"cidr": format!("192.168.{}.0/24", random.random_range(0..20)), "except": []});
            json!({
                "podSelector": {"matchLabels": {"app": app(random.random_range(0..20))}},
                "policyTypes": ["Ingress", "Egress"],
                "ingress": [{"from": [{"namespaceSelector": team, "podSelector": role}], "ports": [{"port": "http"}]}],
                "egress": [
                    {"to": [{"ipBlock": out}], "ports": [{"port": 443}]},
                    {"ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]},
                    {"to": [{"podSelector": {}}]},
                ],
            })
        }
    };
    let metadata = json!({"name": format!("policy-{number}"), "namespace": namespace});
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec})
}
