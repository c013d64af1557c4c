//! Checks that users write: whole files, and what stands in one as its expression, run on a small cluster.
#![no_main]

use std::sync::LazyLock;

use analysis::catalogue::Catalogue;
use analysis::model::Snapshot;
use analysis::{run_all, settings};
use fuzz::{collect, judge};
use libfuzzer_sys::fuzz_target;

/// What there is to judge.
static CLUSTER: LazyLock<Snapshot> = LazyLock::new(|| {
    let manifests = b"
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: sales}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, annotations: {}}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers: [{name: main, image: 'nginx:1', ports: [{containerPort: 80}]}, {name: side, image: side}]
";
    collect::manifests(manifests).expect("the manifests are good")
});

fuzz_target!(|text: &str| {
    run(text);
    let expression = serde_json::Value::from(text);
    run(&format!(
        "
id: own
title: It is wrong
area: rbac
severity: high
rationale: r
remediation: r
workloads: true
expression: {expression}
messageExpression: {expression}
"
    ));
});

fn run(text: &str) {
    if let Ok(catalogue) = Catalogue::parse([("own.yaml", text)]) {
        run_all(&[], &catalogue, &CLUSTER, &settings::NONE, judge::now());
    }
}
