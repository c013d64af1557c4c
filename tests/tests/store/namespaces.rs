//! Namespaces: what is open in each, and since when one is known.

use analysis::model::Kind;
use serde_json::json;
use server::store::namespaces::{Known, known, open};
use server::store::viewer::Viewer;
use shared::verdict::Severity;
use tests::history::{Scene, as_of, finding, hour, severe};
use tests::postgres::TestDatabase;

const ALL: &Viewer = &Viewer::All;

fn shop() -> Scene {
    Scene::empty()
        .with(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } }))
        .with_finding(severe(
            finding("container-privileged", "shop", "web", "a"),
            Severity::Critical,
        ))
        .with_finding(severe(finding("image-tag-mutable", "shop", "web", "b"), Severity::Low))
        .with_finding(severe(
            finding("image-tag-mutable", "bank", "ledger", "c"),
            Severity::Low,
        ))
}

#[tokio::test]
async fn open_findings_are_counted_by_namespace_and_severity() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    shop().store(db, hour(0)).await.unwrap();
    shop()
        .without_findings("container-privileged")
        .store(db, hour(1))
        .await
        .unwrap();
    let (first, second) = (as_of(db, hour(0)).await.unwrap(), as_of(db, hour(1)).await.unwrap());
    let before = open(db, ALL, &first, None).await.unwrap();
    assert_eq!(
        (before["shop"].critical, before["shop"].low, before["bank"].low),
        (1, 1, 1)
    );
    let after = open(db, ALL, &second, Some("shop")).await.unwrap();
    assert_eq!((after.len(), after["shop"].critical, after["shop"].low), (1, 0, 1));
    let stranger = Viewer::Namespaces(vec!["bank".into()]);
    assert!(open(db, &stranger, &second, Some("shop")).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_namespace_is_known_since_it_was_seen_and_gone_while_it_is_away() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    let mut away = shop();
    away.snapshot.remove(Kind::Namespace, "", "shop");
    for (at, scene) in [shop(), shop(), away, shop()].iter().enumerate() {
        scene.store(db, hour(i64::try_from(at).unwrap())).await.unwrap();
    }
    let told = async |at: i64| {
        let as_of = as_of(db, hour(at)).await.unwrap();
        known(db, ALL, &as_of, "shop").await.unwrap()
    };
    let of = |gone: Option<i64>| {
        Some(Known {
            since: hour(0),
            gone: gone.map(hour),
        })
    };
    assert_eq!(
        [told(1).await, told(2).await, told(3).await],
        [of(None), of(Some(2)), of(None)]
    );
    let last = as_of(db, hour(3)).await.unwrap();
    assert_eq!(known(db, ALL, &last, "nowhere").await.unwrap(), None);
}
