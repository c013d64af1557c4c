use chrono::DateTime;
use shared::snapshots::Collected;

use super::*;
use crate::fixture::snapshot;

fn covered(manifests: &str) -> Coverage {
    let snapshot = snapshot(manifests);
    of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH)).unwrap()
}

fn pods(namespace: &str, app: &str, count: usize) -> String {
    let pod = |number| {
        format!(
            "
apiVersion: v1
kind: Pod
metadata:
  name: {app}-{number}
  namespace: {namespace}
  labels: {{app: {app}}}
  ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, name: {app}, controller: true}}]
spec: {{containers: [{{name: c, image: i}}]}}
---
"
        )
    };
    (0..count).map(pod).collect()
}

fn policy(namespace: &str, spec: &str) -> String {
    format!(
        "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: p-{}, namespace: {namespace}}}
spec: {spec}
---
",
        spec.len()
    )
}

/// The matrix, as rows of `open/part`.
fn rows(coverage: &Coverage) -> Vec<String> {
    let Matrix { open, part } = &coverage.matrix;
    let cells: Vec<String> = open
        .iter()
        .zip(part)
        .map(|(open, part)| format!("{open}/{part}"))
        .collect();
    let rows = cells.chunks(coverage.namespaces.len());
    rows.map(|row| row.join(" ")).collect()
}

#[test]
fn without_policies_every_pair_is_open() {
    let coverage = covered(&(pods("lab", "a", 2) + &pods("shop", "web", 3)));
    assert_eq!(rows(&coverage), ["2/0 6/0", "6/0 6/0"]);
    assert_eq!(
        coverage.cluster.pairs,
        Pairs {
            all: 20,
            open: 20,
            part: 0,
            open_ports: Some(1.0)
        }
    );
    assert_eq!(
        (
            coverage.cluster.pods,
            coverage.cluster.workloads,
            coverage.cluster.ingress.pods
        ),
        (5, 2, 0)
    );
}

#[test]
fn pairs_are_cut_off_wholly_and_in_part() {
    let policies = policy("shop", "{podSelector: {}}")
        + &policy(
            "shop",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 5432}]}]}",
        );
    let manifests = pods("lab", "a", 2) + &pods("shop", "web", 3) + &pods("shop", "db", 2) + &policies;
    let coverage = covered(&manifests);
    // Three pods of the web and one of the database's own reach each of the two of the database.
    assert_eq!(rows(&coverage), ["2/0 0/0", "10/0 0/8"]);
    let shop = &coverage.namespaces[1].protection;
    assert_eq!((shop.ingress.pods, shop.ingress.workloads, shop.egress.pods), (5, 2, 0));
    assert_eq!((shop.pairs.all, shop.pairs.open, shop.pairs.part), (30, 0, 8));
    let share = shop.pairs.open_ports.unwrap();
    assert!((share - 8.0 / 30.0 / 196_605.0).abs() < 1e-12, "{share}");
}

#[test]
fn default_deny_is_for_all_for_some_or_for_none() {
    let extents = |policies: &str| {
        let coverage = covered(&(pods("shop", "web", 1) + policies));
        let shop = &coverage.namespaces[0].protection;
        (shop.ingress.default_deny, shop.egress.default_deny)
    };
    let some = policy("shop", "{podSelector: {matchLabels: {app: web}}}");
    let all = policy("shop", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
    let open = policy("shop", "{podSelector: {}, ingress: [{}]}");
    assert_eq!(extents(""), (Extent::None, Extent::None));
    assert_eq!(extents(&some), (Extent::Some, Extent::None));
    assert_eq!(extents(&all), (Extent::All, Extent::All));
    assert_eq!(extents(&(all + &open)), (Extent::Some, Extent::All));
}

#[test]
fn the_cluster_denies_by_default_where_all_namespaces_with_pods_do() {
    let cluster = |namespace: &str| {
        let all = policy(namespace, "{podSelector: {}}") + &policy("shop", "{podSelector: {}, ingress: []}");
        let empty = "
apiVersion: v1
kind: Namespace
metadata: {name: empty}
---
";
        let manifests = pods("shop", "web", 1) + &pods("lab", "a", 1) + empty + &all;
        covered(&manifests).cluster.ingress.default_deny
    };
    assert_eq!(cluster("lab"), Extent::All);
    assert_eq!(cluster("empty"), Extent::Some);
}

#[test]
fn the_baseline_isolates_pods_that_no_policy_selects() {
    let baseline = "
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec: {subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
";
    let coverage = covered(&(pods("shop", "web", 2) + baseline));
    let ingress = &coverage.cluster.ingress;
    assert_eq!((ingress.pods, ingress.default_deny), (2, Extent::All));
    assert_eq!(rows(&coverage), ["0/0"]);
}

#[test]
fn pods_on_the_network_of_their_node_are_counted_apart() {
    let host = pods("shop", "agent", 2).replace("spec: {", "spec: {hostNetwork: true, ");
    let coverage = covered(&(pods("shop", "web", 1) + &host + &policy("shop", "{podSelector: {}}")));
    let cluster = &coverage.cluster;
    assert_eq!((cluster.pods, cluster.host_network, cluster.workloads), (1, 2, 1));
    assert_eq!((cluster.pairs.all, cluster.pairs.open_ports), (0, None));
}

#[test]
fn what_was_not_read_is_not_evaluated() {
    for kind in [
        Kind::Pod,
        Kind::Namespace,
        Kind::NetworkPolicy,
        Kind::AdminNetworkPolicy,
    ] {
        let mut snapshot = snapshot("");
        let denied = Collected::Denied { reason: "no".into() };
        snapshot.set(kind, denied, Vec::new());
        let said = of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH)).unwrap_err();
        assert_eq!(said, format!("Reading {} was denied.", kind.info().resource()));
    }
}
