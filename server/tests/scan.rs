//! `plimsoll scan`, as a pipeline runs it. Beside the binary, since only its own package's tests know where it is.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PRIVILEGED: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: tuner, namespace: tools}
spec:
  selector: {matchLabels: {app: tuner}}
  template:
    metadata: {labels: {app: tuner}}
    spec:
      containers:
        - {name: tune, image: registry.example/tuner:1, securityContext: {privileged: true}}
";

fn scan(manifests: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.args(["scan", "--manifests", "-"]).args(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(manifests.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn code(manifests: &str, arguments: &[&str]) -> i32 {
    scan(manifests, arguments).status.code().unwrap()
}

fn out(arguments: &[&str]) -> String {
    String::from_utf8(scan(PRIVILEGED, arguments).stdout).unwrap()
}

#[test]
fn exit_code_tells_whether_something_as_bad_was_found() {
    assert_eq!(code(PRIVILEGED, &[]), 1);
    assert_eq!(code(PRIVILEGED, &["--fail-on", "critical"]), 1);
    assert_eq!(code(PRIVILEGED, &["--fail-on", "never"]), 0);
    let broken = format!("{PRIVILEGED}---\n{{");
    assert_eq!(code(&broken, &[]), 1);
    assert_eq!(code(&broken, &["--fail-on", "never"]), 2);
    let plain = PRIVILEGED.replace("privileged: true", "privileged: false");
    assert_eq!(code(&plain, &["--fail-on", "critical"]), 0);
}

#[test]
fn input_that_holds_nothing_ends_with_two() {
    for nothing in ["", "# a comment", "{", "a: [1, 2"] {
        let output = scan(nothing, &[]);
        assert_eq!(output.status.code(), Some(2), "{nothing:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("nothing could be read"),
            "{nothing:?}"
        );
    }
}

#[test]
fn table_names_the_finding_and_its_object() {
    let table = out(&[]);
    assert!(table.contains("Container tune runs privileged"), "{table}");
    assert!(table.contains("tools/tuner"), "{table}");
}

#[test]
fn json_holds_findings_with_their_evidence() {
    let json: serde_json::Value = serde_json::from_str(&out(&["-o", "json"])).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let found = findings
        .iter()
        .find(|finding| finding["check"] == "container-privileged")
        .unwrap();
    assert_eq!(
        found["witness"][0]["path"],
        "spec.template.spec.containers[tune].securityContext.privileged"
    );
    assert_eq!(found["witness"][0]["value"], true);
}

#[test]
fn sarif_has_a_rule_for_each_result() {
    let sarif: serde_json::Value = serde_json::from_str(&out(&["-o", "sarif"])).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules: Vec<&serde_json::Value> = run["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| &rule["id"])
        .collect();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    assert!(results.iter().all(|result| rules.contains(&&result["ruleId"])));
}

#[test]
fn sarif_tells_the_file_and_the_line_of_the_document() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    std::fs::create_dir_all(folder.join("deploy")).unwrap();
    let second = format!("kind: ConfigMap\napiVersion: v1\nmetadata: {{name: c}}\n--- # the tuner\n{PRIVILEGED}");
    std::fs::write(folder.join("deploy/all.yaml"), second).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command
        .args(["scan", "-o", "sarif", "--manifests", "deploy"])
        .current_dir(&folder);
    let sarif: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let found = results
        .iter()
        .find(|result| result["ruleId"] == "container-privileged")
        .unwrap();
    let location = &found["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "deploy/all.yaml");
    // The document begins with its marker in line 4, and after a blank line with its content.
    assert_eq!(location["region"]["startLine"], 6);
    let piped: serde_json::Value = serde_json::from_str(&out(&["-o", "sarif"])).unwrap();
    let piped = &piped["runs"][0]["results"][0]["locations"][0];
    assert!(piped.get("physicalLocation").is_none(), "{piped}");
    assert_ne!(piped["logicalLocations"][0]["fullyQualifiedName"], "");
}

#[test]
fn junit_has_a_case_for_each_check() {
    let junit = out(&["-o", "junit"]);
    assert_eq!(junit.matches("<testcase ").count(), analysis::checks::CHECKS.len());
    assert!(junit.contains("<failure"), "{junit}");
}
