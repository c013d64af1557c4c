//! Checks of a user's own on a server: stored, listed, counted, read again, and kept while their file is broken.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use server::api;
use server::custom_checks::CheckFiles;
use server::pipeline::{self, Origin};
use shared::tokens::Scope;
use tests::app::App;

const MANIFESTS: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: report, namespace: shop}
results:
- {source: kyverno, policy: labels, rule: team, result: fail, severity: medium, message: there is no team,
   resources: [{kind: Deployment, name: web, namespace: shop}]}
";

const CHECK: &str = "
id: team-label-missing
title: Namespace without a team
area: least-privilege
severity: high
rationale: Nobody knows whom to ask.
remediation: Set the label.
kinds: [Namespace]
expression: has(object.metadata.labels) && 'team' in object.metadata.labels
frameworks: {soc2: [CC6.3]}
";

struct Scene {
    app: App,
    token: String,
    folder: tempfile::TempDir,
    files: Arc<CheckFiles>,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("cluster.yaml"), MANIFESTS).unwrap();
        std::fs::write(path("own.yaml"), CHECK).unwrap();
        let files = Arc::new(CheckFiles::open(&[path("own.yaml")]).unwrap());
        let mut app = App::empty().await.unwrap();
        app.state.checks = files.clone();
        app.router = api::router(app.state.clone());
        let token = app.token(&[Scope::Read]).await.unwrap();
        Self {
            app,
            token,
            folder,
            files,
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn take(&self) {
        let origin = Origin::Files {
            paths: vec![self.path().join("cluster.yaml")],
            name: "files".into(),
        };
        let taken = pipeline::snapshot(
            self.app.db(),
            &origin,
            (&self.files, &self.app.state.settings),
            Duration::from_secs(60),
            &|_| {},
        )
        .await;
        taken.unwrap();
    }

    async fn body(&self, path: &str) -> Value {
        let answer = self.app.get(&format!("/api/v1{path}"), &self.token).await.unwrap();
        assert_eq!(answer.status, 200, "{path}");
        answer.json()
    }

    /// The check as the list of checks has it.
    async fn listed(&self) -> Option<Value> {
        let checks = self.body("/checks").await;
        let mut rows = checks["items"].as_array().unwrap().iter();
        rows.find(|row| row["id"] == "team-label-missing").cloned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_users_check_finds_is_a_finding_like_any_other() {
    let scene = Scene::new().await;
    scene.take().await;
    let found = scene.body("/findings?check=team-label-missing").await;
    let finding = &found["items"][0];
    assert_eq!(
        (&finding["area"], &finding["severity"]),
        (&"least-privilege".into(), &"high".into())
    );
    let id = finding["id"].as_str().unwrap();
    let info = scene.body(&format!("/findings/{id}")).await["checkInfo"].clone();
    assert_eq!(info["rationale"], "Nobody knows whom to ask.");
    let listed = scene.listed().await.unwrap();
    assert!(listed["source"].as_str().unwrap().ends_with("own.yaml"));
    assert_eq!(listed["result"]["verdict"], "fail");
    assert_eq!(listed["controls"][0]["id"], "CC6.3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_users_check_answers_the_controls_that_it_names_and_stands_in_reports_under_its_title() {
    let scene = Scene::new().await;
    scene.take().await;
    let compliance = scene.body("/compliance?framework=soc2").await;
    let sections = compliance["sections"].as_array().unwrap().iter();
    let mut controls = sections.flat_map(|section| section["controls"].as_array().unwrap());
    let control = controls.find(|control| control["id"] == "CC6.3").unwrap();
    let mut checks = control["checks"].as_array().unwrap().iter();
    let check = checks.find(|check| check["check"] == "team-label-missing").unwrap();
    assert_eq!((&control["verdict"], &check["failed"]), (&json!("fail"), &json!(1)));

    let ingest = scene.app.token(&[Scope::Ingest]).await.unwrap();
    let new = json!({"framework": "soc2"});
    let made = scene
        .app
        .json(Method::POST, "/api/v1/reports", &ingest, &new)
        .await
        .unwrap();
    let report = scene.body(&format!("/reports/{}.json", made.json()["id"])).await;
    let mut fixes = report["fixes"].as_array().unwrap().iter();
    let fix = fixes.find(|fix| fix["check"] == "team-label-missing").unwrap();
    assert_eq!(
        (&fix["title"], &fix["remediation"]),
        (&json!("Namespace without a team"), &json!("Set the label."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_counts_from_the_next_snapshot_and_a_broken_one_changes_nothing() {
    let scene = Scene::new().await;
    scene.take().await;
    let file = scene.path().join("own.yaml");
    std::fs::write(&file, CHECK.replace("'team' in", "'team' inn")).unwrap();
    scene.take().await;
    assert_eq!(scene.listed().await.unwrap()["result"]["verdict"], "fail");
    let warnings = scene.body("/snapshots/2").await["warnings"].clone();
    assert!(warnings.to_string().contains("own.yaml, line 9"), "{warnings}");

    std::fs::write(
        &file,
        CHECK.replace(
            "has(object.metadata.labels) && 'team' in object.metadata.labels",
            "true",
        ),
    )
    .unwrap();
    scene.take().await;
    assert_eq!(scene.listed().await.unwrap()["result"]["verdict"], "pass");
    assert_eq!(scene.body("/findings?check=team-label-missing").await["total"], 0);
    assert_eq!(
        scene.body("/snapshots/3").await["warnings"].as_array().map(Vec::len),
        Some(0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_engines_say_stands_beside_our_findings() {
    let scene = Scene::new().await;
    scene.take().await;
    let workload = scene.body("/workloads/Deployment/shop/web").await;
    let results = workload["policyResults"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["engine"], "kyverno");
    assert_eq!(results[0]["message"], "there is no team");
}
