//! Compliance and reports over HTTP: real router, real database, over the demo and over manifests that change.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use analysis::settings::Settings;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use server::api;
use server::pipeline::{self, Origin};
use server::settings::SettingsFile;
use shared::tokens::Scope;
use tests::app::{Answer, App, demo_end};

struct Shared {
    app: App,
    token: String,
}

impl Shared {
    async fn demo() -> Self {
        let app = App::demo(2).await.unwrap();
        let token = app.token(&[Scope::Read]).await.unwrap();
        Self { app, token }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.app.get(path, &self.token).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }
}

fn all<'a>(of: &'a Value, list: &str) -> &'a Vec<Value> {
    of[list].as_array().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_held_against_every_framework() {
    let shared = Shared::demo().await;
    every_form_of_a_framework_says_the_same(&shared).await;
    practices_count_what_the_checks_count(&shared).await;
    all_objects_that_fail_are_named_of_one_control_and_few_of_each_of_many(&shared).await;
    a_history_ends_where_the_answer_rests(&shared).await;
    before_the_first_snapshot_nothing_is_decided(&shared).await;
    what_there_is_not_is_named(&shared).await;
    a_report_is_made_kept_and_read_as_a_file_that_can_do_nothing(&shared).await;
}

async fn every_form_of_a_framework_says_the_same(shared: &Shared) {
    let frameworks = shared.get("/api/v1/frameworks").await;
    let frameworks = all(&frameworks, "items");
    assert_eq!(
        (frameworks.len(), frameworks[0]["id"].as_str().unwrap()),
        (analysis::framework::all().len(), "cis-1.12")
    );
    for framework in frameworks {
        let id = framework["id"].as_str().unwrap();
        let compliance = shared.get(&format!("/api/v1/compliance?framework={id}")).await;
        assert_eq!(compliance["score"], framework["score"], "{id}");
        let csv = format!("/api/v1/compliance/export.csv?framework={id}");
        let csv = shared.app.get(&csv, &shared.token).await.unwrap();
        let rows = String::from_utf8_lossy(&csv.body).matches("\r\n").count() as u64;
        assert_eq!(rows, framework["controls"].as_u64().unwrap() + 1, "{id}");
        let whole = shared.get(&format!("/api/v1/frameworks/{id}")).await;
        assert_eq!(whole["version"], framework["version"], "{id}");
    }
}

async fn practices_count_what_the_checks_count(shared: &Shared) {
    let practices = shared.get("/api/v1/compliance?framework=nine-practices").await;
    let controls = all(&practices, "sections")
        .iter()
        .flat_map(|section| all(section, "controls"));
    let of_controls = controls.flat_map(|control| all(control, "checks"));
    let of_controls: u64 = of_controls.map(|check| check["failed"].as_u64().unwrap()).sum();
    let checks = shared.get("/api/v1/checks").await;
    let of_checks = all(&checks, "items")
        .iter()
        .map(|check| check["result"]["failed"].as_u64().unwrap());
    assert_eq!(of_controls, of_checks.sum::<u64>());
}

async fn all_objects_that_fail_are_named_of_one_control_and_few_of_each_of_many(shared: &Shared) {
    let whole = shared.get("/api/v1/compliance?framework=nine-practices").await;
    let controls: Vec<&Value> = all(&whole, "sections")
        .iter()
        .flat_map(|section| all(section, "controls"))
        .collect();
    let failed = |control: &Value| control["failed"].as_u64().unwrap();
    let worst = *controls.iter().max_by_key(|control| failed(control)).unwrap();
    assert!(failed(worst) > 5 && controls.iter().all(|control| all(control, "failing").len() <= 5));
    let path = format!(
        "/api/v1/compliance?framework=nine-practices&control={}",
        worst["id"].as_str().unwrap()
    );
    let alone = shared.get(&path).await;
    let alone = &alone["sections"][0]["controls"];
    assert_eq!(
        (alone.as_array().unwrap().len(), &alone[0]["failed"]),
        (1, &worst["failed"])
    );
    assert_eq!(all(&alone[0], "failing").len() as u64, failed(worst));
}

async fn a_history_ends_where_the_answer_rests(shared: &Shared) {
    let history = shared
        .get("/api/v1/compliance/history?framework=cis-1.12&control=5.2.2")
        .await;
    let spans = all(&history, "spans");
    assert_eq!(spans[spans.len() - 1]["to"], history["asOf"]["takenAt"]);
}

async fn before_the_first_snapshot_nothing_is_decided(shared: &Shared) {
    let past = (demo_end() - chrono::Duration::days(400)).format("%Y-%m-%dT%H:%M:%SZ");
    let before = shared.get(&format!("/api/v1/compliance?at={past}")).await;
    assert_eq!(
        (&before["asOf"], &before["score"]["coverage"]["decided"]),
        (&Value::Null, &json!(0))
    );
    let frameworks = shared.get(&format!("/api/v1/frameworks?at={past}")).await;
    assert_eq!(frameworks["items"][0]["score"], Value::Null);
}

async fn what_there_is_not_is_named(shared: &Shared) {
    for (path, status, word) in [
        ("compliance?framework=cis-9", 404, "cis-9"),
        ("compliance?framework=cis-1.12&control=9.9.9", 404, "9.9.9"),
        ("compliance/history?framework=cis-1.12&control=9.9.9", 404, "9.9.9"),
        (
            "compliance/history?framework=cis-1.12&control=5.1.1&days=0",
            400,
            "days",
        ),
        ("frameworks/cis-9", 404, "cis-9"),
        ("reports/1.pdf", 404, "1.pdf"),
        ("reports/999.html", 404, "999.html"),
    ] {
        let answer = shared.app.get(&format!("/api/v1/{path}"), &shared.token).await.unwrap();
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(word), "{path}");
    }
}

async fn a_report_is_made_kept_and_read_as_a_file_that_can_do_nothing(shared: &Shared) {
    let new = json!({"framework": "cis-1.12"});
    let make = async |token: &str| {
        let made = shared.app.json(Method::POST, "/api/v1/reports", token, &new).await;
        made.unwrap()
    };
    assert_eq!(make(&shared.token).await.status, 403);
    let ingest = shared.app.token(&[Scope::Ingest]).await.unwrap();
    let mut made = make(&ingest).await.json();
    let is_new = |made: &mut Value| made.as_object_mut().unwrap().remove("isNew").unwrap();
    assert_eq!(is_new(&mut made), true);
    let mut again = make(&ingest).await.json();
    assert_eq!(is_new(&mut again), false);
    assert_eq!(again, made);
    let schedule = shared.get("/api/v1/reports/schedule").await;
    assert_eq!(schedule, json!({"everyDays": null, "frameworks": []}));
    let listed = shared.get("/api/v1/reports?framework=cis-1.12").await;
    assert_eq!((&listed["total"], &listed["items"][0]), (&json!(1), &made));
    let file = async |ending: &str| {
        let path = format!("/api/v1/reports/{}.{ending}", made["id"]);
        shared.app.get(&path, &shared.token).await.unwrap()
    };
    let html = file("html").await;
    let policy = html.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.ends_with("sandbox"),
        "{policy}"
    );
    let json = file("json").await.json();
    assert_eq!(json["score"], made["score"]);
    assert!(all(&json, "decide").len() >= 3 && json["moved"]["since"].is_string());
    assert!(file("csv").await.header("content-disposition").contains("attachment"));
}

const MANIFESTS: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'docker.io/shop/web:1', securityContext: {privileged: true}}]}
";

/// A server that watches manifests, and settings, both of which can change.
struct Scene {
    app: App,
    folder: tempfile::TempDir,
    read: String,
    ingest: String,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cluster.yaml"), MANIFESTS).unwrap();
        std::fs::write(folder.path().join("settings.yaml"), "{}").unwrap();
        let mut app = App::empty().await.unwrap();
        let settings = SettingsFile::open(Some(folder.path().join("settings.yaml")), Settings::default());
        app.state.settings = Arc::new(settings.unwrap());
        app.router = api::router(app.state.clone());
        let (read, ingest) = (app.token(&[Scope::Read]).await, app.token(&[Scope::Ingest]).await);
        Self {
            read: read.unwrap(),
            ingest: ingest.unwrap(),
            app,
            folder,
        }
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    async fn take(&self) {
        let origin = Origin::Files {
            paths: vec![self.folder.path().join("cluster.yaml")],
            name: "files".into(),
        };
        let (state, deadline) = (&self.app.state, Duration::from_secs(60));
        let taken = pipeline::snapshot(&state.db, &origin, (&state.checks, &state.settings), deadline, &|_| {});
        taken.await.unwrap();
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.app.get(&format!("/api/v1/{path}"), &self.read).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.json());
        answer.json()
    }

    async fn send(&self, method: Method, path: &str, token: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.body(Body::from(body.to_owned())).unwrap();
        self.app.send(request).await.unwrap()
    }

    /// What is said of the kubelet's service file, which no check can see, and the answer that says so.
    async fn control(&self, query: &str) -> (Value, Value) {
        let answer = self.get(&format!("compliance?framework=cis-1.12{query}")).await;
        let section = all(&answer, "sections").iter().find(|section| section["id"] == "4.1");
        let mut controls = all(section.unwrap(), "controls").iter();
        let control = controls.find(|control| control["id"] == "4.1.1").unwrap().clone();
        (control, answer)
    }

    async fn score(&self) -> f64 {
        self.get("snapshots").await["items"][0]["score"]["value"]
            .as_f64()
            .unwrap()
    }
}

/// What kube-bench writes of a node.
fn run(status: &str) -> String {
    format!(
        r#"{{"Controls": [{{"id": "4", "version": "cis-1.12", "node_type": "node", "tests": [{{"section": "4.1", "results": [
            {{"test_number": "4.1.1", "test_desc": "Modes of the service file", "status": "{status}", "scored": true}},
            {{"test_number": "4.1.2", "test_desc": "Its owner", "status": "PASS", "scored": true}}
        ]}}]}}], "Totals": {{}}}}"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kube_bench_says_of_a_node_answers_its_controls_from_the_next_snapshot_on() {
    let scene = Scene::new().await;
    scene.take().await;
    let (control, before) = scene.control("").await;
    assert_eq!(control["verdict"], "notEvaluated");
    let before = format!("&at={}", before["asOf"]["takenAt"].as_str().unwrap());
    let path = "kube-bench?node=worker-1";
    let handed_in = scene.send(Method::POST, path, &scene.ingest, &run("FAIL")).await;
    assert_eq!(handed_in.status, 200);
    let listed = scene.get("kube-bench").await;
    assert_eq!((&listed["total"], &listed["items"][0]), (&json!(1), &handed_in.json()));
    assert_eq!(
        listed["items"][0]["totals"],
        json!({"pass": 1, "fail": 1, "warn": 0, "info": 0})
    );
    assert_eq!(listed["items"][0]["benchmarks"], json!(["cis-1.12"]));

    scene.take().await;
    let (control, _) = scene.control("").await;
    assert_eq!(control["verdict"], "fail");
    assert_eq!(control["kubeBench"]["evidence"], "fails on worker-1");
    assert_eq!(control["kubeBench"]["received"], listed["items"][0]["received"]);
    assert_eq!(scene.control(&before).await.0["verdict"], "notEvaluated");
    a_report_and_the_history_say_the_same(&scene).await;

    let forgotten = scene
        .send(Method::DELETE, "kube-bench/worker-1", &scene.ingest, "")
        .await;
    assert_eq!(forgotten.status, 204);
    let again = scene
        .send(Method::DELETE, "kube-bench/worker-1", &scene.ingest, "")
        .await;
    assert_eq!(again.status, 404);
    assert_eq!(scene.get("kube-bench").await["total"], 0);
    assert_eq!(
        scene.control("").await.0["verdict"],
        "fail",
        "the last snapshot knew it"
    );
    scene.take().await;
    assert_eq!(scene.control("").await.0["verdict"], "notEvaluated");

    let admin = scene.app.token(&[Scope::Admin]).await.unwrap();
    let acts = scene.app.get("/api/v1/audit", &admin).await.unwrap().json();
    let acts: Vec<&str> = all(&acts, "items")
        .iter()
        .map(|act| act["action"].as_str().unwrap())
        .collect();
    assert!(
        acts.contains(&"kube-bench handed in") && acts.contains(&"kube-bench forgotten"),
        "{acts:?}"
    );
}

async fn a_report_and_the_history_say_the_same(scene: &Scene) {
    let new = json!({"framework": "cis-1.12"});
    let made = scene
        .app
        .json(Method::POST, "/api/v1/reports", &scene.ingest, &new)
        .await;
    let id = made.unwrap().json()["id"].clone();
    let html = scene
        .app
        .get(&format!("/api/v1/reports/{id}.html"), &scene.read)
        .await
        .unwrap();
    let html = String::from_utf8(html.body).unwrap();
    assert!(html.contains("kube-bench: fails on worker-1 (handed in on "));
    assert!(html.contains("kube-bench says something else"));
    let history = scene.get("compliance/history?framework=cis-1.12&control=4.1.1").await;
    let verdicts = all(&history, "spans")
        .iter()
        .map(|span| span["verdict"].as_str().unwrap());
    assert_eq!(verdicts.collect::<Vec<_>>(), ["notEvaluated", "fail"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kube_bench_did_not_write_is_refused_with_its_place_and_so_is_who_may_only_read() {
    let scene = Scene::new().await;
    let path = "kube-bench?node=worker-1";
    let refused = async |path: &str, token: &str, body: &str| {
        let answer = scene.send(Method::POST, path, token, body).await;
        let problem = answer.json();
        (answer.status, problem["detail"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(
        refused(path, &scene.ingest, &run("PASS")).await.0,
        404,
        "there is no cluster yet"
    );
    scene.take().await;
    let (status, detail) = refused(path, &scene.ingest, "{\n\"Controls\": 7}").await;
    assert!(status == 400 && detail.contains("line 2, column "), "{status} {detail}");
    let (status, detail) = refused(path, &scene.ingest, &run("canary")).await;
    assert!(
        status == 400 && detail.contains("line 2, column ") && !detail.contains("canary"),
        "{detail}"
    );
    let (status, detail) = refused("kube-bench?node=a%20b", &scene.ingest, &run("PASS")).await;
    assert!(status == 400 && detail.starts_with("node: "), "{status} {detail}");
    let (status, detail) = refused(path, &scene.read, &run("PASS")).await;
    assert!(status == 403 && detail.contains("ingest"), "{status} {detail}");
    let forgotten = scene.send(Method::DELETE, "kube-bench/worker-1", &scene.read, "").await;
    assert_eq!(forgotten.status, 403);
    let padded = format!("{}{}", run("PASS"), " ".repeat(5 << 20));
    assert_eq!(refused(path, &scene.ingest, &padded).await.0, 413);
    assert_eq!(scene.get("kube-bench").await["total"], 0);
    // Larger than any other body may be.
    let padded = format!("{}{}", run("PASS"), " ".repeat(1 << 20));
    assert_eq!(scene.send(Method::POST, path, &scene.ingest, &padded).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_a_server_judge_its_snapshots_its_fixes_and_its_answers() {
    let scene = Scene::new().await;
    scene.take().await;
    assert_eq!(scene.get("findings?check=image-registry-not-allowed").await["total"], 0);
    let settings = "{allowedRegistries: [registry.example.com], podSecurityVersion: '1.30'}";
    scene.write("settings.yaml", settings);
    scene.take().await;

    let found = scene.get("findings?check=image-registry-not-allowed").await;
    assert_eq!(
        (&found["total"], &found["items"][0]["object"]["name"]),
        (&json!(1), &json!("web"))
    );
    let changes = scene.get("changes").await;
    let opened = all(&changes, "items")
        .iter()
        .find(|change| change["finding"] == found["items"][0]["id"]);
    assert_eq!(opened.unwrap()["byRelease"], true, "the cluster did not change");
    let snapshots = scene.get("snapshots").await;
    assert!(
        snapshots["items"][0]["catalogue"]
            .as_str()
            .unwrap()
            .contains("+settings-"),
        "{snapshots}"
    );
    assert_eq!(scene.get("pod-security").await["version"], "v1.30");

    let privileged = scene.get("findings?check=container-privileged").await["items"][0]["id"].clone();
    let privileged = scene.get(&format!("findings/{}", privileged.as_str().unwrap())).await;
    let (effect, score) = (&privileged["effect"], scene.score().await);
    scene.write(
        "cluster.yaml",
        &MANIFESTS.replace("privileged: true", "privileged: false"),
    );
    scene.take().await;
    let rise = scene.score().await - score;
    let foretold = effect["score"].as_f64().unwrap();
    assert!(
        (foretold - rise).abs() < 0.01,
        "{foretold} was foretold, and it rose by {rise}"
    );
    assert_eq!(scene.get("findings?check=image-registry-not-allowed").await["total"], 1);

    scene.write("settings.yaml", "allowedRegistry: [docker.io]");
    scene.take().await;
    assert_eq!(scene.get("findings?check=image-registry-not-allowed").await["total"], 1);
    let warnings = scene.get("snapshots/4").await["warnings"].to_string();
    assert!(warnings.contains("The settings are those of before"), "{warnings}");
}
