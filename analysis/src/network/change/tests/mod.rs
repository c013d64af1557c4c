mod difference;
mod proposal;

use chrono::DateTime;
use shared::network::Connections;
use shared::network::change::{ChangeSummary, ChangedPair, There};

use super::{State, pairs};
use crate::cluster::Cluster;
use crate::fixture::snapshot;
use crate::network::engine::Network;
use crate::network::model::Model;
use crate::network::read;

const TWO: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}
";

const DB_FROM_WEB: &str = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
";

fn model(manifests: &str) -> (Model, Network) {
    let snapshot = snapshot(manifests);
    let model = Model::of(&Cluster::new(&snapshot, DateTime::UNIX_EPOCH));
    let network = Network::new(&model, read::policies(&snapshot).0);
    (model, network)
}

fn told(pair: &ChangedPair) -> String {
    let set = |set: &Connections| match set {
        Connections::All(_) => "all".to_owned(),
        Connections::Some(each) if each.is_empty() => "none".to_owned(),
        Connections::Some(each) => {
            let each = each.iter().map(|one| format!("{}{:?}", one.protocol, one.ports));
            each.collect::<Vec<_>>().join("")
        }
    };
    let there = match pair.there {
        There::Both => "",
        There::Before => " (before)",
        There::After => " (after)",
    };
    format!(
        "{} {} +{} -{}{there}",
        pair.source,
        pair.destination,
        set(&pair.added),
        set(&pair.removed)
    )
}

fn between(before: &(Model, Network), after: &(Model, Network)) -> (Vec<String>, ChangeSummary) {
    let [before, after] = [before, after].map(|(model, network)| State { model, network });
    let mut lines = Vec::new();
    let each = |pair: ChangedPair| {
        lines.push(told(&pair));
        Ok::<(), ()>(())
    };
    let summary = pairs(before, after, each).unwrap();
    (lines, summary)
}

fn changed(before: &str, after: &str) -> (Vec<String>, ChangeSummary) {
    between(&model(before), &model(after))
}

#[test]
fn what_did_not_change_is_not_told() {
    let (lines, summary) = changed(TWO, TWO);
    assert!(lines.is_empty());
    assert_eq!(summary, ChangeSummary::default());
}

#[test]
fn a_policy_that_is_added_cuts_and_one_that_goes_opens() {
    let with = format!("{TWO}---{DB_FROM_WEB}");
    let but_5432 = "TCP[[1, 5431], [5433, 65535]]UDP[[1, 65535]]SCTP[[1, 65535]]";
    let (lines, summary) = changed(TWO, &with);
    assert_eq!(
        lines,
        [
            format!("Deployment shop/web StatefulSet shop/db +none -{but_5432}"),
            "0.0.0.0/0 StatefulSet shop/db +none -all".into(),
            "::/0 StatefulSet shop/db +none -all".into(),
        ]
    );
    assert_eq!((summary.opened, summary.cut, summary.pods), (0, 3, 2));
    let (lines, summary) = changed(&with, TWO);
    assert_eq!(
        lines[0],
        format!("Deployment shop/web StatefulSet shop/db +{but_5432} -none")
    );
    assert_eq!((summary.opened, summary.cut, summary.pods), (3, 0, 2));
}

#[test]
fn addresses_are_told_as_both_states_divide_them() {
    let egress = |cidr: &str| {
        format!(
            "{TWO}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  policyTypes: [Egress]
  egress: [{{to: [{{ipBlock: {{cidr: {cidr}}}}}]}}]
"
        )
    };
    let (lines, _) = changed(&egress("10.0.0.0/30"), &egress("10.0.0.2/31"));
    assert_eq!(lines, ["Deployment shop/web 10.0.0.0/31 +none -all"]);
    let (lines, _) = changed(&egress("10.0.0.0/32"), &egress("10.0.0.1/32"));
    assert_eq!(
        lines,
        [
            "Deployment shop/web 10.0.0.0/32 +none -all",
            "Deployment shop/web 10.0.0.1/32 +all -none"
        ]
    );
}

#[test]
fn workloads_that_are_on_one_side_only_are_told_as_such() {
    let cache = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: cache, namespace: shop}
spec: {template: {metadata: {labels: {app: cache}}, spec: {containers: [{name: c, image: i}]}}}
";
    let (lines, summary) = changed(TWO, &format!("{TWO}---{cache}"));
    assert_eq!(lines[0], "Deployment shop/cache Deployment shop/web +all -none (after)");
    let names: Vec<&str> = summary.appeared.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names, summary.gone.len(), summary.cut), (vec!["cache"], 0, 0));
    let (lines, summary) = changed(&format!("{TWO}---{cache}"), TWO);
    assert_eq!(
        lines[0],
        "Deployment shop/cache Deployment shop/web +none -all (before)"
    );
    assert_eq!((summary.appeared.len(), summary.gone.len(), summary.opened), (0, 1, 0));
}

/// Pods of StatefulSet db.
fn pods(each: &[(&str, &str)]) -> String {
    let pod = |(name, labels): &(&str, &str)| {
        format!(
            "---
apiVersion: v1
kind: Pod
metadata:
  name: {name}
  namespace: shop
  labels: {{app: db, {labels}}}
  ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, name: db, controller: true}}]
spec: {{containers: [{{name: c, image: i}}]}}
"
        )
    };
    each.iter().map(pod).collect()
}

const REPLICA: &str = "---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: replica, namespace: shop}
spec: {podSelector: {matchLabels: {role: replica}}, policyTypes: [Ingress, Egress]}
";

#[test]
fn pods_that_only_one_state_tells_apart_are_listed_each() {
    let two = format!("{TWO}{}", pods(&[("db-0", "role: primary"), ("db-1", "role: replica")]));
    let (lines, summary) = changed(&two, &format!("{two}{REPLICA}"));
    let among: Vec<&String> = lines.iter().filter(|line| !line.contains("/0 ")).collect();
    assert_eq!(
        among,
        [
            "Deployment shop/web StatefulSet shop/db#2 +none -all",
            "StatefulSet shop/db#2 Deployment shop/web +none -all"
        ]
    );
    // Web and the one replica.
    assert_eq!(summary.pods, 2);
}

#[test]
fn a_pod_that_was_made_anew_is_matched_by_its_labels() {
    let old = format!("{TWO}{}", pods(&[("a", "role: replica, pod-template-hash: '1'")]));
    let new = format!("{TWO}{}", pods(&[("b", "role: replica, pod-template-hash: '2'")]));
    assert!(changed(&old, &new).0.is_empty());
    assert!(
        changed(&format!("{old}{REPLICA}"), &format!("{new}{REPLICA}"))
            .0
            .is_empty()
    );
    // What its labels no longer say changes what may pass, and the workload is the same.
    let relabelled = format!("{TWO}{}{REPLICA}", pods(&[("c", "role: primary")]));
    let (lines, summary) = changed(&format!("{old}{REPLICA}"), &relabelled);
    assert_eq!(lines[0], "Deployment shop/web StatefulSet shop/db +all -none");
    assert!(summary.appeared.is_empty() && summary.gone.is_empty());
}

#[test]
fn traffic_with_the_own_node_begins_and_ends_with_the_pod() {
    let on = |node: &str| {
        format!(
            "
apiVersion: v1
kind: Node
metadata: {{name: a}}
---
apiVersion: v1
kind: Node
metadata: {{name: b}}
---
apiVersion: v1
kind: Pod
metadata: {{name: agent, namespace: shop}}
spec: {{hostNetwork: true, nodeName: a, containers: [{{name: c, image: i}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: app, namespace: shop}}
spec: {{nodeName: {node}, containers: [{{name: c, image: i}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: none, namespace: shop}}
spec: {{podSelector: {{}}}}
"
        )
    };
    let (lines, _) = changed(&on("a"), &on("b"));
    assert_eq!(lines, ["Pod shop/agent Pod shop/app +none -all"]);
}
