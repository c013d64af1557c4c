//! The network engine against a second evaluator, on random clusters.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::net::IpAddr;

use analysis::cluster::Cluster;
use analysis::network::connections::Protocol;
use analysis::network::ends::{self, End};
use analysis::network::engine::Network;
use analysis::network::listing::listed;
use analysis::network::model::Model;
use analysis::network::rule::Direction;
use analysis::network::{read, why};
use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tests::network::naive::{self, Naive, Question};
use tests::network::seen;
use tests::network::world::{ADDRESSES, ASKED_PORTS, World};

/// How many clusters are compared; PLIMSOLL_CLUSTERS says otherwise.
const CLUSTERS: u64 = 10_000;
/// How often each pair of ends is asked about, each time on another port.
const QUESTIONS: usize = 4;

/// The ends of a cluster, for both.
fn ends<'a>(world: &'a World, model: &Model) -> Vec<(End, naive::End<'a>)> {
    let pods = world.pods.iter();
    let pods = pods.map(|pod| (seen::end(model, pod).unwrap(), naive::End::Pod(pod)));
    let addresses = ADDRESSES.iter().map(|address| {
        let address: IpAddr = address.parse().unwrap();
        (End::Address(address), naive::End::Address(address))
    });
    pods.chain(addresses).collect()
}

/// What was asked, and how often the answer was yes.
#[derive(Default)]
struct Tally {
    asked: u64,
    allowed: u64,
}

/// The reasons add up to what is let through, at either end of each pair of classes.
fn agree_on_why(seed: u64, network: &Network) {
    let count = u32::try_from(network.classes.all.len()).unwrap();
    for (subject, peer) in (0..count).flat_map(|subject| (0..count).map(move |peer| (subject, peer))) {
        for direction in [Direction::Ingress, Direction::Egress] {
            let told = why::side(network, direction, subject, peer).connections;
            let let_through = listed(network.consent(direction, subject, peer));
            assert_eq!(told, let_through, "seed {seed}: {direction:?} of {subject} with {peer}");
        }
    }
}

/// Compares one cluster: each pair of ends, on some ports.
fn compare(seed: u64, tally: &mut Tally) {
    let mut random = StdRng::seed_from_u64(seed);
    let world = World::random(&mut random);
    let snapshot = seen::snapshot(&world).unwrap();
    let model = Model::of(&Cluster::new(&snapshot, DateTime::<Utc>::UNIX_EPOCH));
    let (policies, flaws) = read::policies(&snapshot);
    assert_eq!(flaws, [], "seed {seed}");
    let network = Network::new(&model, policies);
    let naive = Naive {
        namespaces: world.namespaces.clone(),
        nodes: world.nodes.clone(),
        policies: world.policies.clone(),
    };
    agree_on_why(seed, &network);
    let ends = ends(&world, &model);
    for ((from, naive_from), (to, naive_to)) in ends.iter().flat_map(|from| ends.iter().map(move |to| (from, to))) {
        if matches!((from, to), (End::Address(_), End::Address(_))) {
            continue;
        }
        let connections = ends::connections(&model, &network, *from, *to);
        for _ in 0..QUESTIONS {
            let protocol = Protocol::ALL[random.random_range(0..3)];
            let question = Question {
                from: *naive_from,
                to: *naive_to,
                protocol: protocol.name(),
                port: ASKED_PORTS[random.random_range(0..ASKED_PORTS.len())],
            };
            let expected = naive.allows(question);
            let is_allowed = connections.ports(protocol).contains(question.port);
            assert_eq!(is_allowed, expected, "seed {seed}: {question:?}\n{:#?}", world.policies);
            tally.asked += 1;
            tally.allowed += u64::from(expected);
        }
    }
}

#[test]
fn the_engine_agrees_with_the_documentation_on_random_clusters() {
    let clusters = std::env::var("PLIMSOLL_CLUSTERS").map_or(CLUSTERS, |number| number.parse().unwrap());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let tallies = std::thread::scope(|scope| {
        let part = |first: u64| {
            scope.spawn(move || {
                let mut tally = Tally::default();
                (first..clusters)
                    .step_by(threads)
                    .for_each(|seed| compare(seed, &mut tally));
                tally
            })
        };
        let parts: Vec<_> = (0..threads as u64).map(part).collect();
        parts
            .into_iter()
            .map(|part| part.join().unwrap())
            .collect::<Vec<Tally>>()
    });
    let asked: u64 = tallies.iter().map(|tally| tally.asked).sum();
    let allowed: u64 = tallies.iter().map(|tally| tally.allowed).sum();
    println!("{asked} questions on {clusters} clusters, {allowed} of them answered with yes");
    // Neither answer is rare.
    assert!(allowed > asked / 5 && allowed < asked * 4 / 5, "{allowed} of {asked}");
}
