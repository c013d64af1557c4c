//! The whole flow from a real API server: collected, judged, stored, served.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use analysis::model::Kind;
use futures::StreamExt;
use http::Method;
use serde_json::{Value, json};
use server::collect::probes::Probing;
use server::collect::target::Target;
use server::pipeline::Origin;
use server::watch::{Schedule, Watch};
use shared::snapshots::Progress;
use shared::tokens::Scope;
use sqlx::{AssertSqlSafe, PgPool};
use tests::app::App;
use tests::fixtures;
use tests::testbed::{self, Testbed};

/// The secret value of the fixtures, as it is and in base64.
const CANARIES: &[&str] = &["canary", "Y2FuYXJ5"];

const SCHEDULE: Schedule = Schedule {
    interval: Duration::from_secs(3600),
    deadline: Duration::from_secs(60),
};

fn origin(bed: &Testbed, user: &str) -> Origin {
    Origin::Live {
        target: Target::of_file(&bed.kubeconfig(), Some(user)).unwrap(),
        probing: Probing::default(),
    }
}

/// Lets the watch take one snapshot, as the server does at its start, and tells how it ended.
async fn take(db: &PgPool, watch: &Arc<Watch>, origin: Origin) -> Progress {
    watch.report(Progress::Idle);
    let mut progress = watch.progress();
    let work = tokio::spawn(Arc::clone(watch).run(db.clone(), origin, (Arc::default(), Arc::default()), SCHEDULE));
    let is_over = |progress: &Progress| matches!(progress, Progress::Done { .. } | Progress::Failed { .. });
    let end = progress.wait_for(is_over).await.unwrap().clone();
    work.abort();
    end
}

/// Every object of the fixtures; they hold the canary wherever a value may stand, and in the last-applied annotation.
async fn rich() -> &'static Testbed {
    let bed = testbed::shared().await;
    bed.apply(&fixtures::built_in().unwrap()).await.unwrap();
    bed
}

/// What is logged, kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_value_appears_in_no_answer_table_or_log() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_writer(move || writer.clone())
        .init();
    let bed = rich().await;
    let app = App::empty().await.unwrap();
    let end = take(app.db(), &app.state.watches[0], origin(bed, "admin")).await;
    assert!(matches!(end, Progress::Done { .. }), "{end:?}");
    let mut texts = answers(&app).await;
    texts.extend(tables(app.db()).await);
    texts.push((
        "the log".into(),
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap(),
    ));
    let names_are_seen = |text: &str| text.contains("rich");
    assert!(texts.iter().filter(|(_, text)| names_are_seen(text)).count() > 10);
    for (place, text) in texts {
        for canary in CANARIES {
            // bytea is shown as hex.
            let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(canary) && !text.contains(&hex), "{place} holds {canary}");
        }
    }
}

/// What every route that reads answers, with every object that there is.
async fn answers(app: &App) -> Vec<(String, String)> {
    let token = app.token(&[Scope::Admin]).await.unwrap();
    let mut answers = Vec::new();
    for path in addresses(app, &token).await {
        let text = match path.ends_with("/progress") {
            true => first_event(app, &path, &token).await,
            false => {
                let answer = app.get(&path, &token).await.unwrap();
                assert_eq!(answer.status, 200, "{path}");
                String::from_utf8(answer.body).unwrap()
            }
        };
        answers.push((path, text));
    }
    answers
}

async fn addresses(app: &App, token: &str) -> Vec<String> {
    let description = serde_json::to_value(server::api::description()).unwrap();
    let reads = description["paths"].as_object().unwrap().iter();
    let reads = reads.filter(|(_, operations)| operations.get("get").is_some());
    let list = async |path: &str| {
        app.get(path, token).await.unwrap().json()["items"]
            .as_array()
            .unwrap()
            .clone()
    };
    let findings = list("/api/v1/findings?limit=500").await;
    let workloads = list("/api/v1/workloads?limit=500").await;
    assert!(
        findings.len() >= 5 && workloads.len() >= 3,
        "{} and {}",
        findings.len(),
        workloads.len()
    );
    let mut addresses = vec!["/metrics".to_owned()];
    for (path, _) in reads {
        match path.as_str() {
            "/api/v1/findings/{id}" => {
                addresses.extend(findings.iter().map(|row| path.replace("{id}", text(&row["id"]))))
            }
            "/api/v1/snapshots/{id}" => addresses.push(path.replace("{id}", "1")),
            "/api/v1/workloads/{kind}/{namespace}/{name}" => {
                addresses.extend(workloads.iter().map(|row| named("workloads", &row["object"])))
            }
            "/api/v1/workloads/{kind}/{namespace}/{name}/pod-security" => {
                let of_each = workloads
                    .iter()
                    .map(|row| named("workloads", &row["object"]) + "/pod-security");
                addresses.extend(of_each);
            }
            "/api/v1/frameworks/{id}" => {
                addresses.extend(
                    analysis::framework::all()
                        .iter()
                        .map(|framework| path.replace("{id}", &framework.id)),
                );
            }
            "/api/v1/compliance/history" => addresses.push(format!("{path}?framework=cis-1.12&control=5.1.1")),
            "/api/v1/namespaces/{name}" => {
                let names: BTreeSet<&str> = workloads.iter().map(|row| text(&row["object"]["namespace"])).collect();
                addresses.extend(names.iter().map(|name| path.replace("{name}", name)));
            }
            "/api/v1/quotas/{namespace}/{name}/history" => addresses.extend(histories(app, token).await),
            "/api/v1/reports/{file}" => addresses.extend(report(app).await),
            "/api/v1/rbac/subjects/{kind}/{namespace}/{name}" => {
                let subjects = list("/api/v1/rbac/subjects?limit=500").await;
                addresses.extend(subjects.iter().map(|row| named("rbac/subjects", &row["subject"])));
            }
            "/api/v1/rbac/roles/{kind}/{namespace}/{name}" => {
                let roles = list("/api/v1/rbac/roles?limit=500").await;
                addresses.extend(roles.iter().map(|row| named("rbac/roles", &row["role"])));
            }
            "/api/v1/rbac/can-i" => addresses.push(format!("{path}?user=ann&verb=get&resource=secrets")),
            "/api/v1/rbac/who-can" => addresses.push(format!("{path}?verb=get&resource=secrets")),
            "/api/v1/rbac/what-can" => addresses.push(format!("{path}?user=ann")),
            "/api/v1/network/reach" => {
                let object = &workloads[0]["object"];
                let of = ["namespace", "kind", "name"].map(|field| text(&object[field]));
                addresses.push(format!("{path}?of={}", of.join("/")));
            }
            "/api/v1/network/connections" => addresses.push(format!("{path}?from=192.0.2.7&to=2001:db8::1")),
            "/api/v1/network/graph" => {
                let namespace = text(&workloads[0]["object"]["namespace"]);
                addresses.push(format!("{path}?from={namespace}&to={namespace}"));
            }
            "/api/v1/rbac/changes" | "/api/v1/network/changes" => {
                let taken = &list("/api/v1/snapshots").await[0]["takenAt"];
                addresses.push(format!("{path}?since={}", text(taken)));
            }
            path => {
                assert!(!path.contains('{'), "this test does not know how to fill in {path}");
                addresses.push(path.to_owned());
            }
        }
    }
    addresses
}

/// How the use of each quota went.
async fn histories(app: &App, token: &str) -> Vec<String> {
    let answer = app.get("/api/v1/quotas", token).await.unwrap().json();
    let namespaces = answer["namespaces"].as_array().unwrap().iter();
    let of_namespace = |row: &Value| {
        let quotas = row["quotas"].as_array().unwrap().clone();
        let namespace = text(&row["namespace"]).to_owned();
        quotas
            .into_iter()
            .map(move |quota| format!("/api/v1/quotas/{namespace}/{}/history", text(&quota["name"])))
    };
    namespaces.flat_map(of_namespace).collect()
}

/// A report, made now, as each of its files.
async fn report(app: &App) -> Vec<String> {
    let token = app.token(&[Scope::Ingest]).await.unwrap();
    let new = json!({"framework": "nine-practices"});
    let made = app
        .json(Method::POST, "/api/v1/reports", &token, &new)
        .await
        .unwrap()
        .json();
    ["html", "csv", "json"]
        .map(|ending| format!("/api/v1/reports/{}.{ending}", made["id"]))
        .into()
}

/// An object or a subject under a resource; what stands in no namespace has the namespace `-`.
fn named(resource: &str, of: &Value) -> String {
    let namespace = Some(text(&of["namespace"])).filter(|namespace| !namespace.is_empty());
    let (kind, name) = (text(&of["kind"]), text(&of["name"]));
    format!("/api/v1/{resource}/{kind}/{}/{name}", namespace.unwrap_or("-"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The stream of progress never ends.
async fn first_event(app: &App, path: &str, token: &str) -> String {
    let mut events = app.stream(path, token).await.unwrap();
    String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap()
}

/// Every row of every table, as text.
async fn tables(db: &PgPool) -> Vec<(String, String)> {
    let names: Vec<String> = sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
        .fetch_all(db)
        .await
        .unwrap();
    assert!(names.len() > 8, "{names:?}");
    let mut tables = Vec::new();
    for name in names {
        let query = format!("select coalesce(string_agg(row::text, E'\\n'), '') from \"{name}\" row");
        let rows: String = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(db).await.unwrap();
        tables.push((format!("table {name}"), rows));
    }
    tables
}

/// Lets `restricted` list every kind but one.
async fn may_list_all_but(bed: &Testbed, hidden: Option<Kind>) {
    let rule = |kind: &Kind| {
        let info = kind.info();
        json!({"apiGroups": [info.group], "resources": [info.plural], "verbs": ["get", "list"]})
    };
    let rules: Vec<Value> = Kind::ALL
        .iter()
        .filter(|kind| Some(**kind) != hidden)
        .map(rule)
        .collect();
    bed.grant("restricted", rules.into()).await.unwrap();
}

/// A namespace where something runs and nothing is denied.
fn open_namespace() -> [Value; 2] {
    let labels = json!({"app": "web"});
    let pod = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "registry.example/web:1"}]}});
    [
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "open"}}),
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "open"},
            "spec": {"selector": {"matchLabels": labels}, "template": pod},
        }),
    ]
}

struct Verdict {
    verdict: String,
    reason: String,
    open: u64,
}

/// What the server says of a check that reads network policies.
async fn default_deny(app: &App, token: &str) -> Verdict {
    let checks = app.get("/api/v1/checks", token).await.unwrap().json();
    let id = "namespace-without-policy";
    let row = checks["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == id)
        .unwrap()
        .clone();
    let findings = app
        .get(&format!("/api/v1/findings?check={id}"), token)
        .await
        .unwrap()
        .json();
    Verdict {
        verdict: text(&row["result"]["verdict"]).to_owned(),
        reason: text(&row["result"]["reason"]).to_owned(),
        open: findings["total"].as_u64().unwrap(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_that_is_forbidden_closes_nothing_and_is_told_everywhere() {
    let bed = Testbed::start().await.unwrap();
    bed.apply(&open_namespace()).await.unwrap();
    let app = App::empty().await.unwrap();
    let token = app.token(&[Scope::Read]).await.unwrap();
    may_list_all_but(&bed, None).await;
    take(app.db(), &app.state.watches[0], origin(&bed, "restricted")).await;
    let before = default_deny(&app, &token).await;
    assert!(before.verdict == "fail" && before.open > 0, "{}", before.verdict);

    may_list_all_but(&bed, Some(Kind::NetworkPolicy)).await;
    take(app.db(), &app.state.watches[0], origin(&bed, "restricted")).await;
    let blind = default_deny(&app, &token).await;
    assert_eq!((blind.verdict.as_str(), blind.open), ("notEvaluated", before.open));
    assert_eq!(blind.reason, "Reading networkpolicies.networking.k8s.io was denied.");
    let snapshot = app.get("/api/v1/snapshots/2", &token).await.unwrap().json();
    assert_eq!(snapshot["outcome"], "partial");
    let policies = snapshot["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|kind| kind["status"] == "denied")
        .unwrap();
    assert_eq!(policies["resource"], "networkpolicies.networking.k8s.io");
    assert!(
        text(&policies["reason"]).contains("User \"restricted\" cannot list"),
        "{policies}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cluster_role_of_the_documentation_is_enough() {
    let page = include_str!("../../docs/permissions.md");
    let yaml = page.split("```yaml").nth(1).unwrap().split("```").next().unwrap();
    let role: Value = serde_saphyr::from_str(yaml).unwrap();
    let bed = testbed::shared().await;
    bed.grant("reader", role["rules"].clone()).await.unwrap();
    let app = App::empty().await.unwrap();
    let token = app.token(&[Scope::Read]).await.unwrap();
    take(app.db(), &app.state.watches[0], origin(bed, "reader")).await;
    let snapshot = app.get("/api/v1/snapshots/1", &token).await.unwrap().json();
    assert_eq!(
        (&snapshot["outcome"], &snapshot["warnings"]),
        (&json!("complete"), &json!([])),
        "{snapshot}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_fails_is_shown_with_its_reason_and_the_last_good_one_stays() {
    let bed = testbed::shared().await;
    let app = App::empty().await.unwrap();
    let token = app.token(&[Scope::Read]).await.unwrap();
    let watch = &app.state.watches[0];
    take(app.db(), watch, origin(bed, "admin")).await;
    let good = app.get("/api/v1/overview", &token).await.unwrap().json();
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(bed.kubeconfig()).unwrap()).unwrap();
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1".into();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config.to_string()).unwrap();
    let end = take(
        app.db(),
        watch,
        Origin::Live {
            target: Target::of_file(file.path(), None).unwrap(),
            probing: Probing::default(),
        },
    )
    .await;
    let Progress::Failed { reason } = end else {
        panic!("{end:?}")
    };
    assert!(reason.contains("refused"), "{reason}");
    let list = app.get("/api/v1/snapshots", &token).await.unwrap().json();
    assert_eq!(
        (&list["items"][0]["outcome"], &list["items"][0]["reason"]),
        (&json!("failed"), &json!(reason))
    );
    assert_eq!(app.get("/api/v1/overview", &token).await.unwrap().json(), good);
}

/// A DaemonSet that runs privileged, by an image whose name holds what PostgreSQL does not take.
const PRIVILEGED: &str = r#"
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: tuner, namespace: tools}
spec:
  selector: {matchLabels: {app: tuner}}
  template:
    metadata: {labels: {app: tuner}}
    spec: {containers: [{name: tune, image: "registry.example/tu\0ner:1", securityContext: {privileged: true}}]}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_breaks_closes_nothing_and_one_that_is_gone_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tuner.yaml");
    std::fs::write(
        folder.path().join("tools.yaml"),
        "{apiVersion: v1, kind: Namespace, metadata: {name: tools}}",
    )
    .unwrap();
    let app = App::empty().await.unwrap();
    let token = app.token(&[Scope::Read]).await.unwrap();
    let after = async || {
        let origin = Origin::Files {
            paths: vec![folder.path().to_owned()],
            name: "folder".into(),
        };
        let end = take(app.db(), &app.state.watches[0], origin).await;
        assert!(matches!(end, Progress::Done { .. }), "{end:?}");
        let found = app
            .get("/api/v1/findings?check=container-privileged", &token)
            .await
            .unwrap()
            .json();
        let snapshots = app.get("/api/v1/snapshots", &token).await.unwrap().json();
        (
            found["total"].as_u64().unwrap(),
            text(&snapshots["items"][0]["outcome"]).to_owned(),
        )
    };
    // What a compressor makes nothing of, since an index would hold that.
    let name: String = (0_u32..900)
        .map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761)))
        .collect();
    let long = format!("{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: x{name}}}}}");
    std::fs::write(folder.path().join("long.yaml"), long).unwrap();
    std::fs::write(&file, PRIVILEGED).unwrap();
    let whole = after().await;
    assert_eq!(whole.0, 1);
    std::fs::write(&file, format!("{PRIVILEGED}  broken: [")).unwrap();
    assert_eq!(after().await, (1, "partial".into()));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(after().await, (0, whole.1));
}
