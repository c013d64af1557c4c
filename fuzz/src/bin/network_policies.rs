//! What a person types into the what-if editor, and what must hold of a network: read, and evaluated on a small cluster.
#![no_main]

use std::convert::Infallible;
use std::sync::LazyLock;

use analysis::cluster::Cluster;
use analysis::model::Snapshot;
use analysis::network::change::{self, State, proposal};
use analysis::network::engine::Network;
use analysis::network::intents;
use analysis::network::known::Known;
use fuzz::{collect, judge};
use libfuzzer_sys::fuzz_target;
use shared::network::change::Proposal;

/// What there is to connect.
static CLUSTER: LazyLock<Snapshot> = LazyLock::new(|| {
    let manifests = b"
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: sales}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}
";
    collect::manifests(manifests).expect("the manifests are good")
});

fuzz_target!(|text: &str| {
    let cluster = Cluster::new(&CLUSTER, judge::now());
    let known = Known::of(&cluster);
    let network = known.network();
    let proposal = Proposal {
        manifests: text.to_owned(),
        deleted: Vec::new(),
    };
    if let Ok(policies) = proposal::apply(&known.policies, &proposal) {
        let after = Network::new(&known.model, policies);
        let state = |network| State {
            model: &known.model,
            network,
        };
        let Ok(_) = change::pairs(state(&network), state(&after), |_| Ok::<(), Infallible>(()));
    }
    if let Ok(intents) = intents::parse(text) {
        intents::judge(&cluster, &known.model, &network, &intents);
    }
});
