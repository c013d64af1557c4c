//! An expression of a custom check copies no more of an object than there is room for. A process of its own, whose memory is its alone.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]
#![cfg(target_os = "linux")]

use analysis::catalogue::Catalogue;
use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use analysis::run::run_all;
use analysis::settings;
use chrono::DateTime;
use serde_json::json;
use shared::snapshots::Collected;
use shared::verdict::Verdict;

/// The most memory that this process had so far, in KiB.
#[expect(clippy::disallowed_methods, reason = "the system knows how much memory was taken")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A cluster of one Deployment with many containers.
fn cluster() -> Snapshot {
    let container =
        |number: usize| json!({"name": format!("c{number}"), "image": "registry.example.com/shop/web:1.2.3"});
    let containers: Vec<_> = (0..50).map(container).collect();
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": containers}}},
    });
    let mut snapshot = Snapshot::new("v1.37.2");
    for kind in Kind::ALL {
        snapshot.set(*kind, Collected::Collected { count: 0 }, Vec::new());
    }
    let object = Object::deserialize(Kind::Deployment, deployment).unwrap();
    snapshot.put(normalise(object).unwrap());
    snapshot
}

/// A check whose three loops make 195,112 of something.
fn check(id: usize, body: &str) -> String {
    let numbers = (0..58).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
    format!(
        "
id: own-{id}
title: t
area: rbac
severity: low
rationale: r
remediation: r
kinds: [Deployment]
expression: \"[{numbers}].map(a, [{numbers}].map(b, [{numbers}].map(c, {body}))).size() == 0\"
"
    )
}

#[test]
fn copies_of_an_object_end_before_the_memory_does() {
    let text = "x".repeat(2000);
    let bodies = [
        "object",
        "{'a': object}",
        "[object, object]",
        "object.spec == object.spec ? object : object",
        &format!("'{text}'"),
        &format!("'{text}' + 'y'"),
    ];
    let checks: Vec<String> = bodies.iter().enumerate().map(|(id, body)| check(id, body)).collect();
    let catalogue = Catalogue::parse([("own.yaml", checks.join("---").as_str())]).unwrap();
    let before = peak();
    let report = run_all(&[], &catalogue, &cluster(), &settings::NONE, DateTime::UNIX_EPOCH);
    let taken = peak() - before;
    for result in &report.results {
        assert_eq!(result.verdict, Verdict::NotEvaluated, "{result:?}");
        assert!(
            result.reason.contains("takes more than 500000 steps"),
            "{}",
            result.reason
        );
    }
    assert_eq!(report.results.len(), bodies.len());
    // They would be gigabytes.
    assert!(taken < 200 * 1024, "{taken} KiB");
}
