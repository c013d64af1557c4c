//! `plimsoll pod-security`, as people and programs run it, on manifests.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

mod schema;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const MANIFESTS: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: debug}
spec: {hostPID: true, runtimeClassName: kata, containers: [{name: c, image: i}]}
";

fn run(manifests: &str, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["pod-security", "--manifests", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who was asked for nonsense may have ended without reading.
    _ = child.stdin.take().unwrap().write_all(manifests.as_bytes());
    child.wait_with_output().unwrap()
}

fn json(arguments: &[&str]) -> (i32, Value) {
    let output = run(MANIFESTS, &[arguments, &["-o", "json"]].concat());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    schema::hold("pod-security", &answer);
    (output.status.code().unwrap(), answer)
}

#[test]
fn each_pod_and_template_has_a_verdict_with_the_fields_that_it_breaks() {
    let (code, answer) = json(&["--level", "baseline", "--pod-security-version", "1.30"]);
    let violation = json!({
        "control": "hostNamespaces",
        "field": "spec.hostPID",
        "message": "The pod shares the processes of its node.",
    });
    let debug =
        json!({"namespace": "default", "kind": "Pod", "name": "debug", "allowed": false, "violations": [violation]});
    let web = json!({"namespace": "shop", "kind": "Deployment", "name": "web", "allowed": true, "violations": []});
    assert_eq!((code, answer), (1, json!([debug, web])));
}

#[test]
fn the_version_decides_which_controls_there_are() {
    let broken = |version: &str| {
        let (_, answer) = json(&["--level", "restricted", "--pod-security-version", version]);
        let violations = answer[1]["violations"].as_array().unwrap();
        violations
            .iter()
            .map(|violation| violation["control"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(broken("1.0"), ["runAsNonRoot"]);
    assert_eq!(broken("v1.8"), ["allowPrivilegeEscalation", "runAsNonRoot"]);
    let newest = [
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "runAsNonRoot",
        "seccompProfile_restricted",
    ];
    assert_eq!(broken("latest"), newest);
}

#[test]
fn exit_code_is_zero_where_all_are_let_in_or_exempt() {
    for arguments in [
        ["--level", "privileged"].as_slice(),
        &["--level", "baseline", "--exempt-runtime-class", "kata"],
        &["--level", "baseline", "--exempt-namespace", "default"],
    ] {
        assert_eq!(json(arguments).0, 0, "{arguments:?}");
    }
}

#[test]
fn what_can_not_be_read_ends_with_two() {
    for (manifests, arguments) in [
        ("{", ["--level", "baseline"].as_slice()),
        (MANIFESTS, &["--level", "strict"]),
        (MANIFESTS, &["--level", "baseline", "--pod-security-version", "2.0"]),
        (MANIFESTS, &[]),
        (&format!("{MANIFESTS}---\n{{"), &["--level", "privileged"]),
    ] {
        let output = run(manifests, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}
