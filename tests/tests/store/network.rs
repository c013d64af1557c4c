//! How far network policies covered the cluster at each snapshot.

use analysis::model::Kind;
use serde_json::json;
use server::store::network::history;
use server::store::viewer::Viewer;
use shared::network::coverage::{Closed, Figures, Pairs};
use sqlx::PgPool;
use tests::history::{Scene, as_of, hour};
use tests::postgres::TestDatabase;

fn shop() -> Scene {
    Scene::empty()
        .with(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } }))
        .with_deployment("shop", "web", "nginx:1", 1)
        .with_deployment("shop", "cart", "cart:1", 1)
}

fn only_port_80(scene: Scene) -> Scene {
    scene.with(json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": { "name": "only-80", "namespace": "shop" },
        "spec": { "podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{ "ports": [{ "port": 80 }] }] },
    }))
}

/// Two workloads that first are open to each other, then on one port, and then nobody knows.
async fn written(db: &PgPool) {
    shop().store(db, hour(0)).await.unwrap();
    let closed = only_port_80(shop());
    closed.store(db, hour(1)).await.unwrap();
    let unread = closed.deny(Kind::NetworkPolicy, "network-policy-invalid");
    unread.store(db, hour(2)).await.unwrap();
}

/// The hours that are told as of an hour, with what is told of them.
async fn told(db: &PgPool, at: i64) -> Vec<(i64, Option<Figures>)> {
    let as_of = as_of(db, hour(at)).await.unwrap();
    let history = history(db, &Viewer::All, &as_of).await.unwrap();
    let points = history.points.into_iter();
    points
        .map(|point| ((point.taken_at - hour(0)).num_hours(), point.figures))
        .collect()
}

fn open() -> Figures {
    Figures {
        pods: 2,
        namespaces: 1,
        ingress: Closed::default(),
        egress: Closed::default(),
        pairs: Pairs {
            all: 2,
            open: 2,
            part: 0,
            open_ports: Some(1.0),
        },
    }
}

fn open_in_part() -> Figures {
    Figures {
        ingress: Closed { pods: 2, namespaces: 1 },
        pairs: Pairs {
            all: 2,
            open: 0,
            part: 2,
            open_ports: Some(1.0 / (3.0 * 65_535.0)),
        },
        ..open()
    }
}

#[tokio::test]
async fn each_snapshot_keeps_how_far_policies_covered_the_cluster_then() {
    let database = TestDatabase::create().await.unwrap();
    written(&database.pool).await;
    let all = [(0, Some(open())), (1, Some(open_in_part())), (2, None)];
    assert_eq!(told(&database.pool, 2).await, all);
}

#[tokio::test]
async fn the_course_ends_at_the_instant_that_is_asked_about() {
    let database = TestDatabase::create().await.unwrap();
    written(&database.pool).await;
    assert_eq!(told(&database.pool, 0).await, [(0, Some(open()))]);
}
