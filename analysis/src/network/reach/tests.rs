use chrono::DateTime;

use super::*;
use crate::cluster::Cluster;
use crate::fixture::snapshot;
use crate::network::read;

const SHOP: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: job, namespace: shop}
spec: {template: {metadata: {labels: {app: job}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: db-0, namespace: shop, labels: {app: db}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, controller: true}]}
spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: sql}]}
    - {from: [{ipBlock: {cidr: 192.0.2.0/24}}]}
";

fn evaluated() -> (Model, Network) {
    let snapshot = snapshot(SHOP);
    let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    let network = Network::new(&model, read::policies(&snapshot).0);
    (model, network)
}

fn told(end: &Endpoint) -> String {
    match end {
        Endpoint::Workload(workload) => workload.name.clone(),
        Endpoint::Block(block) => block.cidr.clone(),
    }
}

fn asked(of: &str) -> Reach {
    let (model, network) = evaluated();
    reach(&model, &network, &of.parse().unwrap()).unwrap()
}

#[test]
fn who_reaches_a_workload_is_told_with_the_rule_that_lets_them() {
    let found = asked("shop/StatefulSet/db");
    let ingress = &found.sorts[0].ingress;
    let peers: Vec<String> = ingress.peers.iter().map(|peer| told(&peer.end)).collect();
    assert_eq!(
        (peers, ingress.cut),
        (vec!["web".to_owned(), "192.0.2.0/24".to_owned()], 1)
    );
    let rules = |peer: &Peer| -> Vec<Option<String>> {
        let said = found.verdicts[peer.into].said.iter();
        said.map(|said| said.rule.clone()).collect()
    };
    assert_eq!(rules(&ingress.peers[0]), [Some("spec.ingress[0]".to_owned())]);
    assert_eq!(rules(&ingress.peers[1]), [Some("spec.ingress[1]".to_owned())]);
    let egress = &found.sorts[0].egress;
    assert_eq!((egress.peers.len(), egress.cut), (0, 2));
    assert_eq!(egress.policies[0].name, "db");
}

#[test]
fn a_pod_and_an_address_can_be_asked_about() {
    assert_eq!(asked("shop/Pod/db-0").sorts[0].ingress.cut, 1);
    let outside = asked("192.0.2.7");
    let reached: Vec<String> = outside.sorts[0]
        .egress
        .peers
        .iter()
        .map(|peer| told(&peer.end))
        .collect();
    assert_eq!(
        (reached, outside.sorts[0].pods),
        (vec!["job".to_owned(), "web".into(), "db".into()], None)
    );
    let (model, network) = evaluated();
    for unknown in ["shop/Deployment/db", "shop/Pod/db-1", "other/Pod/db-0"] {
        assert_eq!(reach(&model, &network, &unknown.parse().unwrap()), None, "{unknown}");
    }
}

#[test]
fn what_cuts_two_ends_apart_is_told_from_both_sides() {
    let (model, network) = evaluated();
    let ask = |from: &str, to: &str| {
        let found = between(&model, &network, &from.parse().unwrap(), &to.parse().unwrap());
        found.unwrap().pairs.remove(0)
    };
    let cut = ask("shop/Deployment/job", "shop/StatefulSet/db");
    assert_eq!(cut.connections, Connections::Some(Vec::new()));
    assert!(cut.out.said.is_empty() && cut.into.is_isolated);
    assert_eq!(cut.into.said[0].rule, None);
    // A pod cannot block itself.
    assert_eq!(
        ask("shop/Pod/db-0", "shop/Pod/db-0").connections,
        listed(&connections::Connections::all())
    );
}
