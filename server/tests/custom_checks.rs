//! `plimsoll scan --checks`: the example of the guide, run as a user would run it.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use shared::compliance::{Compliance, ControlVerdict};

const MANIFESTS: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: lab, labels: {team: red}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: registry.example/web:1, resources: {limits: {memory: 2Gi}, requests: {memory: 1Gi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: lab}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - {name: api, image: registry.example/api:1, resources: {limits: {memory: 1Gi}, requests: {memory: 1Gi}}}
";

/// The example of the guide, in a file of its own.
fn example(folder: &Path) -> PathBuf {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let section = guide.split("## Checks of your own").nth(1).unwrap();
    let block = section.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let file = folder.join("own.yaml");
    std::fs::write(&file, block).unwrap();
    file
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(MANIFESTS.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn scan(arguments: &[&str]) -> Output {
    run(&[&["scan", "--manifests", "-"], arguments].concat())
}

fn text(output: Output) -> String {
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_slice(&scan(&[arguments, &["-o", "json"]].concat()).stdout).unwrap()
}

#[test]
fn the_example_of_the_guide_finds_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let scanned = json(&["--checks", file.to_str().unwrap()]);
    let own = |check: &str| -> Vec<Value> {
        let findings = scanned["findings"].as_array().unwrap().iter();
        findings.filter(|finding| finding["check"] == check).cloned().collect()
    };
    let teams = own("team-label-missing");
    assert_eq!(teams.len(), 1);
    assert_eq!(teams[0]["message"], "Namespace shop does not say whose it is.");
    assert_eq!(teams[0]["witness"][0]["path"], "metadata.labels");
    let limits = own("memory-limit-not-request");
    assert_eq!(limits.len(), 1);
    assert_eq!(limits[0]["object"]["name"], "web");
    assert_eq!(limits[0]["witness"][0]["path"], "spec.template.spec.containers");
    let result = |check: &str| {
        let results = scanned["checks"].as_array().unwrap();
        results.iter().find(|result| result["check"] == check).unwrap().clone()
    };
    assert_eq!(result("team-label-missing")["evaluated"], 2);
    assert_eq!(result("memory-limit-not-request")["failed"], 1);
}

#[test]
fn a_check_of_ones_own_runs_alone_and_decides_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let own = ["--checks", file.to_str().unwrap(), "--check", "team-label-missing"];
    assert_eq!(scan(&own).status.code(), Some(0));
    assert_eq!(scan(&[&own[..], &["--fail-on", "low"]].concat()).status.code(), Some(1));
    assert!(text(scan(&own)).contains("1 of 1 checks decided"));
    for format in ["sarif", "junit"] {
        let shown = text(scan(&[&own[..], &["-o", format]].concat()));
        assert!(shown.contains("team-label-missing"), "{format}");
    }
}

#[test]
fn a_control_is_answered_by_the_check_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let arguments = ["--checks", file.to_str().unwrap(), "--framework", "soc2", "-o", "json"];
    let compliance: Compliance = serde_json::from_slice(&scan(&arguments).stdout).unwrap();
    let mut controls = compliance.sections.iter().flat_map(|section| &section.controls);
    let control = controls.find(|control| control.id == "CC6.3").unwrap();
    assert_eq!(control.verdict, ControlVerdict::Fail);
    assert!(control.checks.iter().any(|check| check.check == "team-label-missing"));
}

#[test]
fn a_broken_file_is_told_with_its_place_and_judges_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = example(folder.path());
    let broken = std::fs::read_to_string(&file)
        .unwrap()
        .replace("pod.containers", "pods.containers");
    std::fs::write(&file, broken).unwrap();
    let output = scan(&["--checks", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("own.yaml, line "), "{error}");
    assert!(
        error.contains("check memory-limit-not-request: expression names pods"),
        "{error}"
    );
}

#[test]
fn the_list_of_checks_shows_those_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    example(folder.path());
    let listed = text(run(&["checks", "--checks", folder.path().to_str().unwrap()]));
    assert!(listed.contains("team-label-missing"));
    assert!(listed.contains("single-replica"));
}
