//! `plimsoll scan`, as a pipeline runs it. Beside the binary, since only its own package's tests know where it is.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use shared::compliance::{Compliance, ComplianceControl, ComplianceScore, ControlVerdict};

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

/// The control of that id, and how the whole of the framework is met.
fn control(arguments: &[&str], id: &str) -> (ComplianceControl, ComplianceScore) {
    let json = out(&[arguments, &["-o", "json"]].concat());
    let compliance: Compliance = serde_json::from_str(&json).unwrap();
    let mut controls = compliance.sections.into_iter().flat_map(|section| section.controls);
    (controls.find(|control| control.id == id).unwrap(), compliance.score)
}

fn own_framework(name: &str, check: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("frameworks");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    let text = format!(
        "id: ours\nname: Ours\ntitle: Our rules\nversion: 1\nsections:\n  - id: a\n    title: A\n    controls:\n      \
         - {{id: a-1, title: First, checks: [{check}]}}\n"
    );
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn framework_has_a_verdict_and_evidence_for_each_control_and_a_score_with_its_coverage() {
    let (privileged, score) = control(&["--framework", "cis-1.12"], "5.2.2");
    assert_eq!(privileged.verdict, ControlVerdict::Fail);
    assert_eq!(
        (privileged.evaluated, privileged.failing[0].name.as_str()),
        (1, "tuner")
    );
    assert!(
        score.value.is_some() && score.coverage.decided < score.coverage.total,
        "{score:?}"
    );
    let (file, _) = control(&["--framework", "cis-1.12"], "1.1.1");
    assert_eq!(file.verdict, ControlVerdict::NotEvaluated);
    assert!(file.reason.contains("kube-bench"), "{}", file.reason);
    let table = out(&["--framework", "cis-1.12"]);
    assert!(table.contains("container-privileged: 1 of 1 fail"), "{table}");
    assert!(table.contains("DaemonSet tools/tuner"), "{table}");
    assert!(table.contains("which rests on"), "{table}");
}

#[test]
fn framework_of_ones_own_decides_what_counts() {
    let other = own_framework("other.yaml", "ingress-without-tls");
    assert_eq!(code(PRIVILEGED, &["--framework-file", &other]), 0);
    let same = own_framework("same.yaml", "container-privileged");
    assert_eq!(code(PRIVILEGED, &["--framework-file", &same]), 1);
    let (first, score) = control(&["--framework-file", &same], "a-1");
    assert_eq!((first.verdict, score.value), (ControlVerdict::Fail, Some(0.0)));
}

#[test]
fn unknown_frameworks_and_checks_are_told_with_what_there_is() {
    let wrong = own_framework("wrong.yaml", "container-priviledged");
    for (arguments, told) in [
        (["--framework", "cis-9"], "there are cis-1.12, "),
        (
            ["--framework-file", wrong.as_str()],
            "line 9: control a-1 names the check container-priviledged",
        ),
        (
            ["--check", "container-priviledged"],
            "did you mean container-privileged?",
        ),
    ] {
        let output = scan(PRIVILEGED, &arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn checks_that_are_named_run_alone() {
    let two = [
        "--check",
        "ingress-without-tls",
        "--check",
        "container-privileged",
        "-o",
        "junit",
    ];
    assert_eq!(out(&two).matches("<testcase ").count(), 2);
    assert_eq!(code(PRIVILEGED, &["--check", "ingress-without-tls"]), 0);
}
