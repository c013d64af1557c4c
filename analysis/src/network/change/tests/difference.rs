use std::collections::{BTreeMap, BTreeSet};

use shared::network::change::ChangedPair;
use shared::network::{Connections, Endpoint};

use super::{DB_FROM_WEB, TWO, model};
use crate::network::change::{State, pairs};
use crate::network::connections::{self, Ports, Protocol};
use crate::network::engine::Network;
use crate::network::listing;
use crate::network::model::Model;

/// Policies of which any may be there before and after.
const POLICIES: [&str; 5] = [
    DB_FROM_WEB,
    "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 1, endPort: 6000}]}]}
",
    "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: some, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}, {from: [{namespaceSelector: {}}]}]
",
    "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: first}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{networks: [10.1.0.0/16]}]}]
  egress: [{action: Accept, to: [{networks: [10.1.2.0/24]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}]
",
    "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: last}
spec:
  tier: Baseline
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
",
];

/// What may pass between each two workloads, and between them and some addresses.
type All = BTreeMap<(String, String), connections::Connections>;

fn set(listed: &Connections) -> connections::Connections {
    let Connections::Some(each) = listed else {
        return connections::Connections::all();
    };
    let ranges = each.iter().flat_map(|one| {
        one.ports
            .iter()
            .map(move |[first, last]| (&one.protocol, *first, *last))
    });
    ranges.fold(connections::Connections::NONE, |all, (protocol, first, last)| {
        let ports = Ports::range(first, last);
        all.union(&connections::Connections::of(Protocol::named(protocol).unwrap(), ports))
    })
}

/// The workload, or which of the addresses are in the block.
fn names(end: &Endpoint) -> Vec<String> {
    match end {
        Endpoint::Workload(workload) => vec![workload.name.clone()],
        Endpoint::Block(block) => {
            let block: ipnet::IpNet = block.cidr.parse().unwrap();
            let addresses = ["8.8.8.8", "10.0.0.1", "10.1.0.1", "10.1.2.1", "::1"].into_iter();
            addresses
                .filter(|address| block.contains(&address.parse::<std::net::IpAddr>().unwrap()))
                .map(str::to_owned)
                .collect()
        }
    }
}

fn put(all: &mut All, (source, destination): (&Endpoint, &Endpoint), passing: &Connections) {
    for one in names(source) {
        for other in names(destination) {
            let known = all.entry((one.clone(), other)).or_default();
            *known = known.union(&set(passing));
        }
    }
}

#[test]
fn what_changes_is_the_difference_of_what_is_listed() {
    let base = format!(
        "{TWO}---{}",
        TWO.replace("shop", "lab")
            .replace("name: web", "name: web2")
            .replace("name: db", "name: db2")
    );
    let of = |chosen: usize| {
        let policies = (0..POLICIES.len())
            .filter(|place| chosen >> place & 1 == 1)
            .map(|place| POLICIES[place]);
        let policies: Vec<&str> = policies.collect();
        model(&format!("{base}---{}\n", policies.join("---")))
    };
    let states: Vec<(Model, Network)> = (0..1 << POLICIES.len()).map(of).collect();
    let listed: Vec<All> = states
        .iter()
        .map(|(model, network)| {
            let mut all = All::new();
            let each = |pair: shared::network::Pair| {
                put(&mut all, (&pair.source, &pair.destination), &pair.connections);
                Ok::<(), ()>(())
            };
            listing::pairs(model, network, each).unwrap();
            all
        })
        .collect();
    for (before, after) in (0..states.len()).flat_map(|one| (0..states.len()).map(move |other| (one, other))) {
        let (mut added, mut removed) = (All::new(), All::new());
        let [one, other] = [&states[before], &states[after]].map(|(model, network)| State { model, network });
        let each = |pair: ChangedPair| {
            put(&mut added, (&pair.source, &pair.destination), &pair.added);
            put(&mut removed, (&pair.source, &pair.destination), &pair.removed);
            Ok::<(), ()>(())
        };
        pairs(one, other, each).unwrap();
        let none = connections::Connections::NONE;
        let ends: BTreeSet<&(String, String)> = listed[before]
            .keys()
            .chain(listed[after].keys())
            .chain(added.keys())
            .chain(removed.keys())
            .collect();
        for ends in ends {
            let [before, after] = [before, after].map(|state| listed[state].get(ends).unwrap_or(&none));
            assert_eq!(*added.get(ends).unwrap_or(&none), after.difference(before), "{ends:?}");
            assert_eq!(
                *removed.get(ends).unwrap_or(&none),
                before.difference(after),
                "{ends:?}"
            );
        }
    }
}
