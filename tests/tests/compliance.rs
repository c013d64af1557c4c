//! Compliance and reports over HTTP: real router, real database, over the demo.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use axum::http::Method;
use serde_json::{Value, json};
use shared::tokens::Scope;
use tests::app::{App, demo_end};

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
