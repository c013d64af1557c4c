//! The network engine against the matcher of kube-network-policies, on random clusters of what both have; what the matcher does
//! not have, or reads otherwise, `tests::network::matcher_clusters` tells.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use analysis::cluster::Cluster;
use analysis::network::connections::Protocol;
use analysis::network::ends::{self, End};
use analysis::network::engine::Network;
use analysis::network::model::Model;
use analysis::network::read;
use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use tests::network::matcher::{Matcher, Question};
use tests::network::matcher_clusters::{narrowed, objects};
use tests::network::seen;
use tests::network::world::{ADDRESSES, ASKED_PORTS, World};

/// How many clusters are compared; PLIMSOLL_CLUSTERS says otherwise.
const CLUSTERS: u64 = 500;
/// How often each pair of ends is asked about, each time on another port.
const QUESTIONS: usize = 4;

/// An end, as the engine and as the matcher knows it; and the pod, where it is one.
struct Asked<'a> {
    end: End,
    address: String,
    pod: Option<&'a Value>,
}

/// The pods, and the addresses that none of them has.
fn ends<'a>(world: &'a World, model: &Model) -> Vec<Asked<'a>> {
    let pods = world.pods.iter().map(|pod| Asked {
        end: seen::end(model, pod).unwrap(),
        address: pod["status"]["podIPs"][0]["ip"].as_str().unwrap().to_owned(),
        pod: Some(pod),
    });
    let mut ends: Vec<Asked<'_>> = pods.collect();
    for address in ADDRESSES {
        if ends.iter().all(|end| end.address != *address) {
            ends.push(Asked {
                end: End::Address(address.parse().unwrap()),
                address: (*address).to_owned(),
                pod: None,
            });
        }
    }
    ends
}

/// Whether policies have a say: see `matcher_clusters`.
fn is_asked(from: &Asked<'_>, to: &Asked<'_>) -> bool {
    let is_host = |pod: &Value| pod["spec"]["hostNetwork"] == true;
    match (from.pod, to.pod) {
        (None, None) => false,
        (Some(from), Some(to)) => {
            let node = &from["spec"]["nodeName"];
            let shares_node = *node != Value::Null && *node == to["spec"]["nodeName"];
            from != to && !(shares_node && (is_host(from) || is_host(to)))
        }
        _ => true,
    }
}

/// Questions about every pair of ends, with the engine's answers.
fn questions(random: &mut StdRng, world: &World) -> (Vec<Question>, Vec<bool>) {
    let snapshot = seen::snapshot(world).unwrap();
    let model = Model::of(&Cluster::new(&snapshot, DateTime::<Utc>::UNIX_EPOCH));
    let (policies, flaws) = read::policies(&snapshot);
    assert_eq!(flaws, []);
    let network = Network::new(&model, policies);
    let ends = ends(world, &model);
    let pairs = ends.iter().flat_map(|from| ends.iter().map(move |to| (from, to)));
    let mut asked = Vec::new();
    for (from, to) in pairs.filter(|(from, to)| is_asked(from, to)) {
        let connections = ends::connections(&model, &network, from.end, to.end);
        for _ in 0..QUESTIONS {
            let protocol = Protocol::ALL[random.random_range(0..3)];
            let port = ASKED_PORTS[random.random_range(0..ASKED_PORTS.len())];
            let question = Question {
                from: from.address.clone(),
                to: to.address.clone(),
                protocol,
                port,
            };
            asked.push((question, connections.ports(protocol).contains(port)));
        }
    }
    asked.into_iter().unzip()
}

/// The cluster, as manifests for whoever must tell which of the two is wrong.
fn told(objects: &[Value]) -> String {
    let documents: Vec<String> = objects.iter().map(|object| format!("{object:#}")).collect();
    documents.join("\n---\n")
}

#[test]
fn the_engine_agrees_with_kube_network_policies_on_random_clusters() {
    let clusters = std::env::var("PLIMSOLL_CLUSTERS").map_or(CLUSTERS, |number| number.parse().unwrap());
    let mut matcher = Matcher::start().unwrap();
    let (mut asked, mut allowed) = (0, 0);
    for seed in 0..clusters {
        let mut random = StdRng::seed_from_u64(seed);
        let world = narrowed(World::random(&mut random));
        let (questions, answers) = questions(&mut random, &world);
        let objects = objects(&world);
        let expected = matcher.ask(&objects, &questions).unwrap();
        for ((question, answer), expected) in questions.iter().zip(&answers).zip(&expected) {
            assert_eq!(answer, expected, "seed {seed}: {question:?}\n{}", told(&objects));
        }
        asked += answers.len();
        allowed += answers.iter().filter(|answer| **answer).count();
    }
    println!("{asked} questions on {clusters} clusters, {allowed} of them answered with yes");
    // Neither answer is rare.
    assert!(allowed > asked / 5 && allowed < asked * 4 / 5, "{allowed} of {asked}");
}
