//! What may connect to what, over REST, on the demo cluster.

#![allow(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use axum::http::Method;
use serde_json::{Value, json};
use shared::tokens::Scope;
use tests::app::App;

struct Asked {
    app: App,
    token: String,
}

impl Asked {
    async fn demo() -> Self {
        let app = App::demo(2).await.unwrap();
        let token = app.token(&[Scope::Read]).await.unwrap();
        Self { app, token }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self
            .app
            .get(&format!("/api/v1/network/{path}"), &self.token)
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{path}");
        answer.json()
    }

    async fn status(&self, path: &str) -> u16 {
        let answer = self
            .app
            .get(&format!("/api/v1/network/{path}"), &self.token)
            .await
            .unwrap();
        answer.status
    }

    async fn what_if(&self, manifests: &str) -> Value {
        let body = json!({"manifests": manifests});
        let answer = self
            .app
            .json(Method::POST, "/api/v1/network/what-if", &self.token, &body);
        answer.await.unwrap().json()
    }
}

fn deny_all(namespace: &str) -> String {
    format!(
        "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: nothing-passes, namespace: {namespace}}}
spec: {{podSelector: {{}}, policyTypes: [Ingress, Egress]}}
"
    )
}

/// A namespace of the demo into which pods of others may connect, and one of whose pods may.
fn an_open_pair(coverage: &Value) -> (String, String) {
    let names: Vec<&str> = coverage["coverage"]["namespaces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|namespace| namespace["name"].as_str().unwrap())
        .collect();
    let open = coverage["coverage"]["matrix"]["open"].as_array().unwrap();
    let n = names.len();
    let place = (0..n * n)
        .find(|place| place / n != place % n && open[*place].as_u64().unwrap() > 0)
        .unwrap();
    (names[place / n].to_owned(), names[place % n].to_owned())
}

#[tokio::test]
async fn what_a_policy_would_cut_is_what_can_pass_without_it() {
    let asked = Asked::demo().await;
    let coverage = asked.get("coverage").await;
    let (from, to) = an_open_pair(&coverage);
    let graph = asked.get(&format!("graph?from={from}&to={to}")).await;
    let open = graph["open"].as_u64().unwrap();
    assert!(open > 0);
    let changes = asked.what_if(&deny_all(&to)).await;
    assert_eq!(changes["mistakes"], json!([]));
    assert_eq!(changes["summary"]["opened"], 0);
    let cut = changes["pairs"].as_array().unwrap().iter();
    let is_of_pair = |pair: &&Value| pair["source"]["namespace"] == from && pair["destination"]["namespace"] == to;
    assert_eq!(cut.filter(is_of_pair).count() as u64, open);
}

#[tokio::test]
async fn what_changed_is_compared_with_the_oldest_snapshot_where_none_is_a_week_old() {
    let asked = Asked::demo().await;
    let snapshots = asked.app.get("/api/v1/snapshots", &asked.token).await.unwrap().json();
    let oldest = snapshots["items"].as_array().unwrap().last().unwrap()["takenAt"].clone();
    assert_eq!(asked.get("changes").await["since"]["takenAt"], oldest);
}

#[tokio::test]
async fn what_reaches_a_workload_is_reached_from_there() {
    let asked = Asked::demo().await;
    let (from, to) = an_open_pair(&asked.get("coverage").await);
    let graph = asked.get(&format!("graph?from={from}&to={to}")).await;
    let edge = &graph["edges"][0];
    let named = |side: &str, place: &Value| {
        let node = &graph[side][usize::try_from(place.as_u64().unwrap()).unwrap()];
        let name = node["name"].as_str().unwrap().split('#').next().unwrap().to_owned();
        format!(
            "{}/{}/{name}",
            node["namespace"].as_str().unwrap(),
            node["kind"].as_str().unwrap()
        )
    };
    let (source, destination) = (named("sources", &edge["from"]), named("destinations", &edge["to"]));
    let reach = asked.get(&format!("reach?of={source}")).await;
    let peers = reach["sorts"][0]["egress"]["peers"].as_array().unwrap();
    let is_destination = |peer: &&Value| {
        let end = &peer["end"];
        let part = |field: &str| end[field].as_str().unwrap_or_default().to_owned();
        let name = part("name").split('#').next().unwrap_or_default().to_owned();
        format!("{}/{}/{name}", part("namespace"), part("kind")) == destination
    };
    assert!(peers.iter().any(|peer| is_destination(&peer)), "{source} {destination}");
    let between = asked.get(&format!("connections?from={source}&to={destination}")).await;
    assert_ne!(between["pairs"][0]["connections"], json!([]));
}

#[tokio::test]
async fn the_model_that_is_sent_gives_the_answers_of_the_server() {
    let asked = Asked::demo().await;
    let known: analysis::network::known::Known = serde_json::from_value(asked.get("model").await).unwrap();
    let coverage = analysis::network::coverage::coverage(&known.model, &known.network());
    // A number that was written and read may differ in its last digit.
    let read: Value = serde_json::from_str(&serde_json::to_string(&coverage).unwrap()).unwrap();
    assert_eq!(read, asked.get("coverage").await["coverage"]);
}

#[tokio::test]
async fn the_last_point_of_the_course_is_what_coverage_tells() {
    let asked = Asked::demo().await;
    let history = asked.get("history").await;
    let points = history["points"].as_array().unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!(points[1]["takenAt"], history["asOf"]["takenAt"]);
    let whole = &asked.get("coverage").await["coverage"]["cluster"];
    let figures = &points[1]["figures"];
    assert!(figures["pods"].as_u64().unwrap() > 0);
    for field in ["/pods", "/ingress/pods", "/egress/pods", "/pairs"] {
        assert_eq!(figures.pointer(field), whole.pointer(field), "{field}");
    }
    let first = points[0]["takenAt"].as_str().unwrap();
    let before = asked.get(&format!("history?at={first}")).await;
    assert_eq!(before["points"], json!([points[0]]));
}

#[tokio::test]
async fn of_a_span_that_reaches_further_than_what_is_kept_the_oldest_snapshot_begins() {
    let asked = Asked::demo().await;
    let oldest = &asked.get("history").await["points"][0]["takenAt"];
    for since in ["changes?since=1d", "changes?since=30d"] {
        assert_eq!(asked.get(since).await["since"]["takenAt"], *oldest, "{since}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said() {
    let asked = Asked::demo().await;
    assert_eq!(asked.status("reach?of=wings").await, 400);
    assert_eq!(asked.status("reach?of=shop/Deployment/wings").await, 404);
    assert_eq!(asked.status("connections?from=10.0.0.1&to=wings").await, 400);
    assert_eq!(asked.status("changes?since=2000-01-01T00:00:00Z").await, 404);
    assert_eq!(asked.status("changes?since=yesterday").await, 400);
    let wrong = asked
        .what_if(&deny_all("shop").replace("Ingress, Egress", "Ingres"))
        .await;
    assert_eq!(wrong["mistakes"][0]["field"], "spec.policyTypes");
    assert_eq!(wrong["pairs"], json!([]));
    let none = asked.what_if("spec: [").await;
    assert!(none["mistakes"][0]["line"].is_u64());
}

#[tokio::test]
async fn what_is_open_to_the_outside_is_told_with_whom_policies_let_in() {
    let asked = Asked::demo().await;
    let exposure = asked.get("exposure").await;
    let ways = exposure["exposure"]["ways"].as_array().unwrap();
    assert!(!ways.is_empty());
    assert!(ways.iter().all(|way| way["sources"]["by"].is_string()));
}

#[tokio::test]
async fn what_can_be_seen_can_be_taken_away() {
    let asked = Asked::demo().await;
    let file = async |path: &str| {
        let answer = asked
            .app
            .get(&format!("/api/v1/network/{path}"), &asked.token)
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-disposition").starts_with("attachment"), "{path}");
        String::from_utf8(answer.body).unwrap()
    };
    let (from, to) = an_open_pair(&asked.get("coverage").await);
    let open = asked.get(&format!("graph?from={from}&to={to}")).await["open"]
        .as_u64()
        .unwrap();
    let csv = file(&format!("pairs/export.csv?from={from}&to={to}")).await;
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert_eq!(rows.len() as u64, open);
    assert!(rows.iter().all(|row| row.starts_with(&format!("\"{from}\","))), "{csv}");
    let all: Vec<Value> = serde_json::from_str(&file("pairs/export.json").await).unwrap();
    let is_of_pair = |pair: &&Value| pair["source"]["namespace"] == from && pair["destination"]["namespace"] == to;
    assert_eq!(all.iter().filter(is_of_pair).count() as u64, open);
    assert!(all.iter().any(|pair| pair["destination"]["cidr"] == "0.0.0.0/0"));
    let exposure = asked.get("exposure").await;
    let ways = exposure["exposure"]["ways"].as_array().unwrap().len();
    assert_eq!(file("exposure/export.csv").await.lines().count(), ways + 1);
}

#[tokio::test]
async fn before_the_first_snapshot_there_is_nothing_to_take_away() {
    let app = App::empty().await.unwrap();
    let asked = Asked {
        token: app.token(&[Scope::Read]).await.unwrap(),
        app,
    };
    for path in ["pairs/export.csv", "pairs/export.json", "exposure/export.csv"] {
        assert_eq!(asked.status(path).await, 404, "{path}");
    }
}
