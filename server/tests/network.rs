//! `plimsoll network`, as people and programs run it, on manifests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

mod schema;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const MANIFESTS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: sql}]}]
";

const INVALID: &str = "
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: wrong, namespace: shop}
spec: {podSelector: {}, ingress: [{ports: [{endPort: 90}]}]}
";

fn run(manifests: &str, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("network")
        .args(arguments)
        .args(["--manifests", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who was asked for nonsense may have ended without reading.
    _ = child.stdin.take().unwrap().write_all(manifests.as_bytes());
    child.wait_with_output().unwrap()
}

fn json_of(name: &str, arguments: &[&str]) -> (i32, Value) {
    let output = run(MANIFESTS, &[arguments, &["-o", "json"]].concat());
    let answer: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    schema::hold(name, &answer);
    (output.status.code().unwrap(), answer)
}

fn said(output: &Output) -> (i32, String) {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    (output.status.code().unwrap(), text)
}

#[test]
fn every_pair_with_a_connection_is_listed() {
    let (code, answer) = json_of("network-list", &["list"]);
    let web = json!({"namespace": "shop", "kind": "Deployment", "name": "web"});
    let db = json!({"namespace": "shop", "kind": "StatefulSet", "name": "db"});
    let sql = json!([{"protocol": "TCP", "ports": [[5432, 5432]]}]);
    assert_eq!(code, 0);
    assert_eq!(answer[0], json!({"source": web, "destination": db, "connections": sql}));
    let pairs = answer.as_array().unwrap().iter();
    assert!(pairs.clone().all(|pair| pair["source"] != db));
    assert_eq!(pairs.filter(|pair| pair["source"] == web).count(), 3);
}

#[test]
fn a_policy_that_the_api_server_would_not_take_is_told_and_left_out() {
    let output = run(&format!("{MANIFESTS}{INVALID}"), &["list", "-o", "json"]);
    let (code, text) = said(&output);
    assert_eq!(code, 0);
    assert!(text.contains("NetworkPolicy shop/wrong is left out"), "{text}");
    assert!(text.contains("spec.ingress[0].ports[0]"), "{text}");
    let with: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(with, json_of("network-list", &["list"]).1);
}

#[test]
fn who_reaches_a_workload_is_told_with_the_rule() {
    let (code, answer) = json_of("network-reach", &["reach", "shop/StatefulSet/db"]);
    let ingress = &answer["sorts"][0]["ingress"];
    assert_eq!((code, &ingress["peers"][0]["end"]["name"]), (0, &json!("web")));
    let into = usize::try_from(ingress["peers"][0]["into"].as_u64().unwrap()).unwrap();
    assert_eq!(answer["verdicts"][into]["said"][0]["rule"], "spec.ingress[0]");
    let (code, text) = said(&run(MANIFESTS, &["reach", "shop/StatefulSet/wings"]));
    assert_eq!((code, text.contains("nothing of that name")), (2, true), "{text}");
    let (code, text) = said(&run(MANIFESTS, &["reach", "wings"]));
    assert_eq!((code, text.contains("namespace/Kind/name")), (2, true), "{text}");
}

#[test]
fn coverage_and_exposure_are_told() {
    let (code, coverage) = json_of("network-coverage", &["coverage"]);
    let shop = &coverage["namespaces"][0];
    assert_eq!((code, &shop["name"], &shop["pods"]), (0, &json!("shop"), &json!(2)));
    assert_eq!(
        shop["ingress"],
        json!({"pods": 1, "workloads": 1, "defaultDeny": "some"})
    );
    let (code, exposure) = json_of("network-exposure", &["exposure"]);
    assert_eq!((code, &exposure["ways"]), (0, &json!([])));
    let db = exposure["reaches"].as_array().unwrap().iter();
    let mut db = db.filter(|reach| reach["workload"]["name"] == "db");
    assert_eq!(db.next().unwrap()["internet"]["connections"], json!([]));
}

#[test]
fn what_a_policy_would_change_is_told_before_it_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let deny = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress]}
";
    let deny = file("deny.yaml", deny);
    let (code, changes) = json_of("network-diff", &["diff", "--propose", &deny]);
    assert_eq!((code, &changes["summary"]["opened"]), (1, &json!(0)));
    let removed = changes["pairs"].as_array().unwrap().iter();
    let is_sql =
        |pair: &&Value| pair["destination"]["name"] == "db" && pair["removed"][0]["ports"] == json!([[5432, 5432]]);
    assert_eq!(removed.filter(is_sql).count(), 1);
    let same = file("same.yaml", MANIFESTS);
    assert_eq!(json_of("network-diff", &["diff", "--to", &same]).0, 0);
    let wrong = file("wrong.yaml", INVALID);
    let (code, text) = said(&run(MANIFESTS, &["diff", "--propose", &wrong]));
    assert_eq!(code, 2);
    assert!(text.contains("wrong.yaml:") && text.contains("endPort"), "{text}");
}
