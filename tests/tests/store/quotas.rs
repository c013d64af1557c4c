//! What quotas were at earlier snapshots.

use analysis::model::Kind;
use analysis::quotas::past;
use serde_json::json;
use server::store::quotas::{self, Which};
use server::store::viewer::Viewer;
use shared::quotas::history::QuotaHistory;
use sqlx::PgPool;
use tests::history::{Scene, as_of, hour};
use tests::postgres::TestDatabase;

fn with_quota(scene: Scene, namespace: &str, used: u32) -> Scene {
    scene.with(json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": { "name": "compute", "namespace": namespace },
        "spec": { "hard": { "pods": "10" } },
        "status": { "hard": { "pods": "10" }, "used": { "pods": used.to_string() } },
    }))
}

/// Two quotas: that of the shop grows at hour 2 and is away at hour 4; that of the bank stays as it is.
async fn written(db: &PgPool) {
    let mut scene = with_quota(with_quota(Scene::empty(), "shop", 3), "bank", 7);
    for at in 0..6 {
        if at == 2 {
            scene = with_quota(scene, "shop", 4);
        }
        let mut seen = scene.clone();
        if at == 4 {
            seen.snapshot.remove(Kind::ResourceQuota, "shop", "compute");
        }
        seen.store(db, hour(at)).await.unwrap();
    }
}

async fn past_of(db: &PgPool, viewer: &Viewer, at: i64, which: Which<'_>) -> Vec<QuotaHistory> {
    let as_of = as_of(db, hour(at)).await.unwrap();
    let known = quotas::past(db, viewer, &as_of, which, 100).await.unwrap();
    known.into_iter().filter_map(past::history).collect()
}

/// The hours at which something is known of the first resource, and how much was used.
fn told(history: &QuotaHistory) -> Vec<(i64, i64)> {
    let points = history.resources[0].points.iter();
    points
        .map(|point| ((point.at - hour(0)).num_hours(), point.used))
        .collect()
}

#[tokio::test]
async fn a_quota_is_told_at_each_snapshot_at_which_it_was_there() {
    let database = TestDatabase::create().await.unwrap();
    written(&database.pool).await;
    let past = past_of(&database.pool, &Viewer::All, 5, Which::default()).await;
    let [bank, shop] = past.as_slice() else {
        panic!("{past:?}")
    };
    assert_eq!(told(bank), [(0, 7), (1, 7), (2, 7), (3, 7), (4, 7), (5, 7)]);
    assert_eq!(told(shop), [(0, 3), (1, 3), (2, 4), (3, 4), (5, 4)]);
}

#[tokio::test]
async fn the_past_is_told_as_it_was_known_and_to_whom_it_may_be() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    written(db).await;
    let shop = Which {
        namespace: Some("shop"),
        name: Some("compute"),
    };
    let past = past_of(db, &Viewer::All, 1, shop).await;
    assert_eq!(told(&past[0]), [(0, 3), (1, 3)]);
    let stranger = Viewer::Namespaces(vec!["bank".into()]);
    assert!(past_of(db, &stranger, 1, shop).await.is_empty());
    let all = past_of(db, &stranger, 1, Which::default()).await;
    assert_eq!((all.len(), all[0].namespace.as_str()), (1, "bank"));
}
