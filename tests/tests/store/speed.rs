//! How long storing takes. Measured by hand: `cargo test --release -p tests --test store speed -- --ignored --nocapture`.

use std::time::Instant;

use serde_json::json;
use server::database::Database;
use server::store::viewer::Viewer;
use server::store::{changes, findings, overview, snapshots, workloads};
use shared::changes::ChangeQuery;
use shared::findings::FindingQuery;
use shared::workloads::WorkloadQuery;
use tests::history::{CLUSTER, Scene, as_of, finding, hour, object};

const ALL: &Viewer = &Viewer::All;

/// 29,000 objects, of which one in `churn` carries `mark`, and 8,000 findings.
fn scene(churn: usize, mark: &str) -> Scene {
    let mut scene = Scene::empty();
    let label = |n: usize| if n.is_multiple_of(churn) { mark } else { "old" };
    let metadata = |name: String, n: usize| {
        json!({
            "name": name, "namespace": format!("namespace-{}", n % 60), "labels": { "app": "shop", "mark": label(n) },
            "ownerReferences": [],
        })
    };
    let containers =
        json!([{ "name": "c", "image": "registry.example/shop/web:1.2.3", "resources": { "limits": { "cpu": "1" } } }]);
    let pods = (0..7000).map(|n| {
        let mut metadata = metadata(format!("deployment-{}-{n}", n % 2400), n);
        let owner = json!({ "apiVersion": "apps/v1", "kind": "Deployment", "controller": true, "name": format!("deployment-{}", n % 2400) });
        metadata["ownerReferences"] = json!([owner]);
        object(json!({ "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": { "containers": containers } }))
    });
    let deployments = (0..2400).map(|n| {
        object(json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(format!("deployment-{n}"), n),
            "spec": { "replicas": 2, "template": { "spec": { "containers": containers } } },
        }))
    });
    let others = (0..19_600).map(|n| {
        object(json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(format!("config-with-a-usual-name-{n}"), n) }))
    });
    let objects: [Vec<_>; 3] = [pods.collect(), deployments.collect(), others.collect()];
    for objects in objects {
        let (kind, count) = (objects[0].kind(), objects.len() as u32);
        scene
            .snapshot
            .set(kind, shared::snapshots::Collected::Collected { count }, objects);
    }
    for n in 0..8000 {
        let mut found = finding(
            "container-without-limits",
            &format!("namespace-{}", n % 60),
            &format!("object-{n}"),
            "No limits",
        );
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
    let mut at = 0;
    let mut store = async |churn, mark: &str| {
        let new = scene(churn, mark).at(hour(at));
        at += 1;
        let begun = Instant::now();
        snapshots::store(db, &new, std::time::Duration::ZERO).await.unwrap();
        begun.elapsed().as_secs_f64() * 1e3
    };
    println!("{:>10}: {:>7.1} ms", "first", store(100, "old").await);
    let (mut unchanged, mut churned) = (Vec::new(), Vec::new());
    for round in 0..10 {
        churned.push(store(100, &round.to_string()).await);
        unchanged.push(store(100, &round.to_string()).await);
    }
    for (what, mut times) in [("unchanged", unchanged), ("1 % churn", churned)] {
        times.sort_by(f64::total_cmp);
        println!(
            "{what:>10}: {:>7.1} ms at best, {:.1} ms in the middle of {}",
            times[0],
            times[times.len() / 2],
            times.len()
        );
    }
    let now = as_of(db, hour(99)).await.unwrap();
    for _ in 0..2 {
        let begun = Instant::now();
        let mut lap = {
            let mut last = begun;
            move |what: &str| {
                println!("{what:>10}: {:>7.1} ms", last.elapsed().as_secs_f64() * 1e3);
                last = Instant::now();
            }
        };
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
