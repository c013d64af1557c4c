//! How long storing takes. Measured by hand: `cargo test --release -p tests --test store speed -- --ignored --nocapture`.

use std::time::Instant;

use serde_json::json;
use server::database::Database;
use server::store::viewer::Viewer;
use server::store::{changes, findings, overview, snapshots, workloads};
use shared::changes::ChangeQuery;
use shared::findings::FindingQuery;
use shared::workloads::WorkloadQuery;
use tests::history::{CLUSTER, Scene, as_of, finding, hour};

const ALL: &Viewer = &Viewer::All;

/// 29,000 objects, of which one in `churn` carries `mark`, and 8,000 findings.
fn scene(churn: usize, mark: &str) -> Scene {
    let mut scene = Scene::empty();
    let label = |n: usize| if n % churn == 0 { mark } else { "old" };
    let mut objects: [Vec<_>; 3] = Default::default();
    for n in 0..29_000_usize {
        let (namespace, name) = (format!("namespace-{}", n % 60), format!("object-with-a-usual-name-{n}"));
        let metadata = json!({ "name": name, "namespace": namespace, "labels": { "app": "shop", "mark": label(n) } });
        let containers = json!([{ "name": "c", "image": "registry.example/shop/web:1.2.3", "resources": { "limits": { "cpu": "1" } } }]);
        let (place, manifest) = match n % 4 {
            0 => (0, json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": { "containers": containers } })),
            1 if n % 3 == 0 => (1, json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
                "spec": { "replicas": 2, "template": { "spec": { "containers": containers } } } })),
            _ => (2, json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata })),
        };
        objects[place].push(tests::history::object(manifest));
    }
    for objects in objects {
        let (kind, count) = (objects[0].kind(), objects.len() as u32);
        scene.snapshot.set(kind, shared::snapshots::Collected::Collected { count }, objects);
    }
    for n in 0..8000 {
        let mut found = finding("container-without-limits", &format!("namespace-{}", n % 60), &format!("object-{n}"), "No limits");
        found.message = label(n).into();
        scene.report.findings.push(found);
    }
    scene
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; says nothing in a debug build"]
async fn storing_29_000_objects() {
    let directory = std::env::temp_dir().join(format!("plimsoll-speed-{}", std::process::id()));
    let database = Database::start(&directory).await.unwrap();
    let db = &database.pool;
    let steps = [("first", 100, "old"), ("unchanged", 100, "old"), ("unchanged", 100, "old"), ("unchanged", 100, "old"),
        ("1 % churn", 100, "a"), ("1 % churn", 100, "b"), ("1 % churn", 100, "c"), ("unchanged", 100, "c")];
    for (at, (what, churn, mark)) in steps.into_iter().enumerate() {
        let new = scene(churn, mark).at(hour(at as i64));
        let begun = Instant::now();
        snapshots::store(db, &new, std::time::Duration::ZERO).await.unwrap();
        println!("{what:>10}: {:>7.1} ms", begun.elapsed().as_secs_f64() * 1e3);
    }
    let now = as_of(db, hour(9)).await.unwrap();
    for _ in 0..2 {
        let begun = Instant::now();
        let mut lap = { let mut last = begun; move |what: &str| { println!("{what:>10}: {:>7.1} ms", last.elapsed().as_secs_f64() * 1e3); last = Instant::now(); } };
        findings::list(db, ALL, &now, &FindingQuery::default()).await.unwrap();
        lap("findings");
        workloads::list(db, ALL, &now, &WorkloadQuery::default()).await.unwrap();
        lap("workloads");
        changes::list(db, ALL, &now, &ChangeQuery::default()).await.unwrap();
        lap("changes");
        overview::get(db, ALL, &now, chrono::Duration::days(7)).await.unwrap();
        lap("overview");
        snapshots::load(db, &now).await.unwrap();
        lap("load");
        snapshots::list(db, ALL, CLUSTER, None, 50).await.unwrap();
        lap("snapshots");
    }
    database.stop().await;
    std::fs::remove_dir_all(directory).ok();
}
