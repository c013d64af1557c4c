//! The model of time.

use std::collections::BTreeMap;
use std::sync::Arc;

use analysis::catalogue::Catalogue;
use analysis::model::Kind;
use analysis::model::meta::ObjectMeta;
use analysis::model::usage::{ContainerUsage, Spread, Usage, WorkloadUsage};
use serde_json::json;
use server::store::viewer::Viewer;
use server::store::{StoreError, changes, checks, findings, overview, snapshots, trends, workloads};
use shared::changes::{ChangeQuery, What};
use shared::findings::{EventKind, FindingQuery, Status};
use shared::ids::FindingId;
use shared::object::ObjectRef;
use shared::page::Page;
use shared::probes::{Handshake, KubeletProbe, Probes};
use shared::snapshots::{Collected, Outcome, SnapshotQuery, SnapshotRow};
use shared::trends::TrendQuery;
use shared::verdict::Verdict;
use shared::workloads::WorkloadQuery;
use sqlx::PgPool;
use tests::history::{CLUSTER, Scene, as_of, deployment, finding, hour};
use tests::postgres::TestDatabase;

const ALL: &Viewer = &Viewer::All;
const CHECK: &str = "container-privileged";

fn privileged() -> analysis::finding::Finding {
    finding(CHECK, "shop", "web", "web runs privileged")
}

/// A Deployment with a finding.
fn shop() -> Scene {
    Scene::empty()
        .with_deployment("shop", "web", "web:1", 2)
        .with_finding(privileged())
}

async fn open_ids(db: &PgPool, at: i64) -> Vec<FindingId> {
    let as_of = as_of(db, hour(at)).await.unwrap();
    let page = findings::list(db, ALL, &as_of, &FindingQuery::default()).await.unwrap();
    page.items.into_iter().map(|row| row.id).collect()
}

/// What happened to the Deployment of the shop by an hour, newest first.
async fn told(db: &PgPool, at: i64) -> Vec<(i64, &'static str, bool)> {
    let as_of = as_of(db, hour(at)).await.unwrap();
    let changes = changes::of_object(db, ALL, &as_of, &deployment("shop", "web"), 50)
        .await
        .unwrap();
    let word = |what: &What| match what {
        What::Created => "created",
        What::Modified => "modified",
        What::Deleted => "deleted",
        What::FindingOpened { .. } => "opened",
        What::FindingFixed { .. } => "fixed",
    };
    changes
        .iter()
        .map(|c| ((c.at - hour(0)).num_hours(), word(&c.what), c.by_release))
        .collect()
}

#[tokio::test]
async fn the_past_reads_as_it_was() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop().store(&db, hour(0)).await.unwrap();
    let fixed = Scene::empty().with_deployment("shop", "web", "web:2", 3);
    fixed.store(&db, hour(1)).await.unwrap();
    Scene::empty().store(&db, hour(2)).await.unwrap();

    assert_eq!(
        told(&db, 2).await,
        [
            (2, "deleted", false),
            (1, "fixed", false),
            (1, "modified", false),
            (0, "created", false),
            (0, "opened", false)
        ]
    );
    assert_eq!(open_ids(&db, 0).await, [privileged().id(CLUSTER)]);
    assert_eq!(open_ids(&db, 1).await, []);
    let image = async |at| {
        let page = workloads::list(
            &db,
            ALL,
            &as_of(&db, hour(at)).await.unwrap(),
            &WorkloadQuery::default(),
        )
        .await
        .unwrap();
        page.items
            .into_iter()
            .map(|row| (row.images.join(","), row.open.critical + row.open.high))
            .collect::<Vec<_>>()
    };
    assert_eq!(image(0).await, [("web:1".to_owned(), 1)]);
    assert_eq!(image(1).await, [("web:2".to_owned(), 0)]);
    assert_eq!(image(2).await, []);
    assert!(as_of(&db, hour(-1)).await.is_err());
}

#[tokio::test]
async fn a_snapshot_is_rebuilt_as_it_was_read() {
    let db = TestDatabase::create().await.unwrap().pool;
    let mut scene = shop().with(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } }));
    let role = Kind::ClusterRole.reference(&ObjectMeta {
        name: "reader".into(),
        ..ObjectMeta::default()
    });
    scene.snapshot.doubtful.insert(role);
    scene.snapshot.serving = Some(Err("it is reached through a proxy".into()));
    let silent = KubeletProbe::unseen("192.0.2.1:10250", "it refuses connections\0");
    scene.snapshot.probes.kubelets = Some(BTreeMap::from([("n1".into(), silent)]));
    scene.snapshot.probes.endpoints = BTreeMap::from([("etcd:2379".into(), Handshake::WithoutTls)]);
    scene.snapshot.usage = Some(Arc::new(usage(5)));
    scene.store(&db, hour(0)).await.unwrap();
    Scene::empty().store(&db, hour(1)).await.unwrap();
    let rebuilt = snapshots::load(&db, ALL, &as_of(&db, hour(0)).await.unwrap())
        .await
        .unwrap();
    assert_eq!(rebuilt.version, "v1.37.2");
    assert_eq!(rebuilt.coverage(), scene.snapshot.coverage());
    assert!(rebuilt.objects().eq(scene.snapshot.objects()));
    assert_eq!(rebuilt.doubtful, scene.snapshot.doubtful);
    assert_eq!(rebuilt.serving, scene.snapshot.serving);
    assert_eq!(rebuilt.usage, scene.snapshot.usage);
    let silent = KubeletProbe::unseen("192.0.2.1:10250", "it refuses connections\u{FFFD}");
    assert_eq!(rebuilt.probes.kubelets.unwrap()["n1"], silent);
    assert_eq!(rebuilt.probes.endpoints, scene.snapshot.probes.endpoints);
    let now = snapshots::load(&db, ALL, &as_of(&db, hour(1)).await.unwrap())
        .await
        .unwrap();
    assert!(now.doubtful.is_empty() && now.serving.is_none() && now.usage.is_none());
    assert_eq!(now.probes, Probes::default());
}

/// What the Deployment of the shop used.
fn usage(memory: i64) -> Usage {
    let container = ContainerUsage {
        name: "c".into(),
        pods: 1,
        memory: Spread {
            total: memory,
            most: memory,
        },
        ..ContainerUsage::default()
    };
    let web = WorkloadUsage {
        group: "apps".into(),
        kind: "Deployment".into(),
        namespace: "shop".into(),
        name: "web".into(),
        containers: vec![container],
    };
    Usage {
        workloads: vec![web],
        pods: 1,
        ..Usage::default()
    }
}

#[tokio::test]
async fn what_is_measured_is_kept_for_each_snapshot_and_changes_nothing_else() {
    let db = TestDatabase::create().await.unwrap().pool;
    let web = deployment("shop", "web");
    for at in 0..3 {
        let finding = finding(
            "memory-near-limit",
            "shop",
            "web",
            "web uses nearly all of its memory limit",
        );
        let measured = finding.measured_in(web.clone(), "containers[c].usage.memory", at);
        let mut scene = Scene::empty()
            .with_deployment("shop", "web", "web:1", 1)
            .with_finding(measured);
        scene.snapshot.usage = Some(Arc::new(usage(at)));
        scene.store(&db, hour(at)).await.unwrap();
    }
    assert_eq!(told(&db, 2).await, [(0, "created", false), (0, "opened", false)]);
    for at in 0..3 {
        let as_of = as_of(&db, hour(at)).await.unwrap();
        let known = snapshots::load(&db, ALL, &as_of).await.unwrap().usage.unwrap();
        assert_eq!(known.of(&web).unwrap().containers[0].memory.most, at);
        let id = &open_ids(&db, at).await[0];
        let found = findings::get(&db, ALL, &as_of, id).await.unwrap().unwrap();
        let shown: Vec<_> = found
            .witness
            .iter()
            .filter(|it| it.measured)
            .map(|it| &it.value)
            .collect();
        assert_eq!(shown, [&json!(0)], "as it was when it opened");
        assert_eq!(found.history.len(), 1);
    }
}

#[tokio::test]
async fn a_denied_kind_closes_nothing() {
    let db = TestDatabase::create().await.unwrap().pool;
    let shop = shop();
    shop.store(&db, hour(0)).await.unwrap();
    shop.clone()
        .deny(Kind::Deployment, CHECK)
        .store(&db, hour(1))
        .await
        .unwrap();
    shop.clone()
        .deny(Kind::Deployment, CHECK)
        .store(&db, hour(2))
        .await
        .unwrap();

    assert_eq!(told(&db, 2).await, [(0, "created", false), (0, "opened", false)]);
    let then = as_of(&db, hour(2)).await.unwrap();
    let found = findings::get(&db, ALL, &then, &privileged().id(CLUSTER))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.row.status, found.row.last_seen), (Status::Open, hour(0)));
    let listed = findings::list(&db, ALL, &then, &FindingQuery::default()).await.unwrap();
    assert_eq!(listed.items, [found.row]);
    let detail = snapshots::get(&db, ALL, CLUSTER, then.snapshot).await.unwrap().unwrap();
    assert_eq!((detail.row.outcome, detail.row.open.total()), (Outcome::Partial, 1));
    assert!(
        detail
            .kinds
            .iter()
            .any(|kind| kind.resource == "deployments.apps" && kind.outcome.word() == "denied")
    );
    let rows = checks::list(&db, ALL, Some(&then), &Catalogue::default())
        .await
        .unwrap();
    let result = rows
        .into_iter()
        .find(|row| row.info.id == CHECK)
        .unwrap()
        .result
        .unwrap();
    assert_eq!(result.verdict, Verdict::NotEvaluated);
    assert_eq!(
        workloads::list(&db, ALL, &then, &WorkloadQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    assert_eq!(
        snapshots::load(&db, ALL, &then)
            .await
            .unwrap()
            .of(Kind::Deployment)
            .len(),
        1
    );

    // Read again, and unchanged: it was there all along, and was last seen now.
    shop.store(&db, hour(3)).await.unwrap();
    assert_eq!(told(&db, 3).await.len(), 2);
    let now = findings::list(&db, ALL, &as_of(&db, hour(3)).await.unwrap(), &FindingQuery::default())
        .await
        .unwrap();
    assert_eq!(now.items[0].last_seen, hour(3));
}

#[tokio::test]
async fn what_went_while_its_kind_was_denied_goes_when_it_is_read_again() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop().store(&db, hour(0)).await.unwrap();
    shop().deny(Kind::Deployment, CHECK).store(&db, hour(1)).await.unwrap();
    Scene::empty().store(&db, hour(2)).await.unwrap();
    assert_eq!(told(&db, 2).await[..2], [(2, "deleted", false), (2, "fixed", false)]);
}

#[tokio::test]
async fn an_object_that_a_check_cannot_decide_keeps_its_findings() {
    let db = TestDatabase::create().await.unwrap().pool;
    let other = finding(CHECK, "shop", "api", "api runs privileged");
    shop().with_finding(other.clone()).store(&db, hour(0)).await.unwrap();
    let mut scene = Scene::empty().with_deployment("shop", "web", "web:1", 2);
    scene
        .report
        .undecided
        .insert(CHECK.into(), [deployment("shop", "web")].into());
    scene.store(&db, hour(1)).await.unwrap();
    assert_eq!(open_ids(&db, 1).await, [privileged().id(CLUSTER)]);

    // A namespace that can't be decided holds what is in it.
    let namespace = ObjectRef {
        group: String::new(),
        kind: "Namespace".into(),
        namespace: String::new(),
        name: "shop".into(),
    };
    scene.report.undecided = [(CHECK.into(), [namespace].into())].into();
    scene.store(&db, hour(2)).await.unwrap();
    let then = as_of(&db, hour(2)).await.unwrap();
    let page = findings::list(&db, ALL, &then, &FindingQuery::default()).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn a_finding_that_comes_back_is_the_same() {
    let db = TestDatabase::create().await.unwrap().pool;
    let shop = shop();
    shop.store(&db, hour(0)).await.unwrap();
    shop.clone().without_findings(CHECK).store(&db, hour(1)).await.unwrap();
    shop.store(&db, hour(2)).await.unwrap();
    let mut worse = shop.clone();
    worse.report.findings[0].message = "It is worse.".into();
    worse.store(&db, hour(3)).await.unwrap();

    let then = as_of(&db, hour(3)).await.unwrap();
    let found = findings::get(&db, ALL, &then, &privileged().id(CLUSTER))
        .await
        .unwrap()
        .unwrap();
    let history: Vec<_> = found.history.iter().map(|event| (event.at, event.what)).collect();
    let expected = [
        (3, EventKind::Changed),
        (2, EventKind::Reopened),
        (1, EventKind::Fixed),
        (0, EventKind::Opened),
    ];
    assert_eq!(history, expected.map(|(at, what)| (hour(at), what)));
    assert_eq!((found.row.first_seen, found.row.since), (hour(0), hour(2)));
    assert_eq!(found.message, "It is worse.");

    let overview = overview::get(&db, ALL, &then, chrono::Duration::hours(2))
        .await
        .unwrap();
    let movement = overview.movement;
    assert_eq!(
        (
            movement.open_before,
            movement.new,
            movement.reopened,
            movement.fixed,
            movement.open_now
        ),
        (0, 0, 1, 0, 1)
    );
    let fixed = FindingQuery {
        status: Some("fixed".into()),
        ..FindingQuery::default()
    };
    let at_fix = findings::list(&db, ALL, &as_of(&db, hour(1)).await.unwrap(), &fixed)
        .await
        .unwrap();
    assert_eq!((at_fix.total, at_fix.items[0].since), (1, hour(1)));
    assert_eq!(findings::list(&db, ALL, &then, &fixed).await.unwrap().total, 0);
}

#[tokio::test]
async fn a_new_release_is_no_drift() {
    let db = TestDatabase::create().await.unwrap().pool;
    let old = Scene::empty().with_deployment("shop", "web", "web:1", 2);
    old.store(&db, hour(0)).await.unwrap();
    let new = Scene {
        catalogue: "next".into(),
        ..shop()
    };
    new.store(&db, hour(1)).await.unwrap();
    Scene {
        catalogue: "next".into(),
        ..old.clone()
    }
    .store(&db, hour(2))
    .await
    .unwrap();
    assert_eq!(
        told(&db, 2).await,
        [(2, "fixed", false), (1, "opened", true), (0, "created", false)]
    );
    let overview = overview::get(
        &db,
        ALL,
        &as_of(&db, hour(1)).await.unwrap(),
        chrono::Duration::hours(1),
    )
    .await
    .unwrap();
    assert_eq!(overview.flags[0].title, "Other checks or settings");
    assert!(overview.flags[0].score < 0.0);
}

#[tokio::test]
async fn what_was_there_at_first_is_no_change() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop().store(&db, hour(0)).await.unwrap();
    shop()
        .with_deployment("shop", "api", "api:1", 1)
        .store(&db, hour(1))
        .await
        .unwrap();
    let query = ChangeQuery {
        since: Some(hour(-1)),
        ..ChangeQuery::default()
    };
    let page = changes::list(&db, ALL, &as_of(&db, hour(1)).await.unwrap(), &query)
        .await
        .unwrap();
    let names: Vec<_> = page.items.iter().map(|change| change.object.name.as_str()).collect();
    assert_eq!((names, page.total), (vec!["api"], 1));
}

#[tokio::test]
async fn an_unchanged_snapshot_adds_no_row() {
    let db = TestDatabase::create().await.unwrap().pool;
    let rows = async || {
        let counts =
            "select (select count(*) from objects) + (select count(*) from workloads) + (select count(*) from findings)
            + (select count(*) from check_results) + (select count(*) from bodies) + (select count(*) from undecided)";
        sqlx::query_scalar::<_, i64>(counts).fetch_one(&db).await.unwrap()
    };
    shop().store(&db, hour(0)).await.unwrap();
    let before = rows().await;
    shop().store(&db, hour(1)).await.unwrap();
    assert_eq!(rows().await, before);
}

#[tokio::test]
async fn two_snapshots_of_a_cluster_follow_one_another() {
    let db = TestDatabase::create().await.unwrap().pool;
    let (a, b) = (shop(), Scene::empty().with_deployment("shop", "web", "web:2", 1));
    let stored = tokio::join!(
        a.store(&db, hour(0)),
        b.store(&db, hour(1)),
        a.store(&db, hour(2)),
        b.store(&db, hour(3))
    );
    let stored = [stored.0, stored.1, stored.2, stored.3];
    // Whichever came too late was refused; of the others each reads as it was stored.
    assert!(stored[3].is_ok());
    for (at, (result, scene)) in stored.iter().zip([&a, &b, &a, &b]).enumerate() {
        match result {
            Ok(id) => {
                let as_of = as_of(&db, hour(at as i64)).await.unwrap();
                assert_eq!(as_of.snapshot, *id);
                assert!(
                    snapshots::load(&db, ALL, &as_of)
                        .await
                        .unwrap()
                        .objects()
                        .eq(scene.snapshot.objects())
                );
            }
            Err(error) => assert!(matches!(error, StoreError::Conflict(_)), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn a_failure_in_the_middle_leaves_nothing() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop().store(&db, hour(0)).await.unwrap();
    // The last table that is written refuses.
    let refuse = "alter table snapshot_areas add constraint refuse check (snapshot_id < 2)";
    sqlx::raw_sql(refuse).execute(&db).await.unwrap();
    let error = Scene::empty().store(&db, hour(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error:?}");
    assert_eq!(told(&db, 1).await.len(), 2);
    assert_eq!(as_of(&db, hour(1)).await.unwrap().taken_at, hour(0));
    assert_eq!(page(&db, 10, None).await.total, 1);
}

#[tokio::test]
async fn a_failed_snapshot_is_listed_and_answers_nothing() {
    let db = TestDatabase::create().await.unwrap().pool;
    let unknown = snapshots::fail(&db, CLUSTER, hour(0), "nothing answers").await;
    assert!(matches!(unknown, Err(StoreError::NotFound(_))));
    shop().store(&db, hour(0)).await.unwrap();
    snapshots::fail(&db, CLUSTER, hour(1), "connection refused")
        .await
        .unwrap();
    shop().store(&db, hour(2)).await.unwrap();

    assert_eq!(as_of(&db, hour(1)).await.unwrap().taken_at, hour(0));
    assert_eq!(
        snapshots::at(&db, ALL, CLUSTER, chrono::DateTime::<chrono::Utc>::MAX_UTC)
            .await
            .unwrap()
            .unwrap()
            .taken_at,
        hour(2)
    );
    let first = page(&db, 2, None).await;
    assert_eq!((first.total, first.items.len()), (3, 2));
    assert_eq!(
        (first.items[1].outcome, first.items[1].reason.as_str()),
        (Outcome::Failed, "connection refused")
    );
    assert!(first.items[1].score.is_none() && first.items[0].score.is_some());
    let rest = page(&db, 2, first.next).await;
    assert_eq!((rest.items.len(), rest.next), (1, None));
    let trend = trends::get(&db, ALL, &as_of(&db, hour(2)).await.unwrap(), &TrendQuery::default())
        .await
        .unwrap();
    assert_eq!(trend.points.len(), 2);
}

#[tokio::test]
async fn a_workload_that_is_gone_is_shown_as_it_last_stood() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop().store(&db, hour(0)).await.unwrap();
    Scene::empty().store(&db, hour(1)).await.unwrap();
    let get = async |at| {
        workloads::get(
            &db,
            ALL,
            &as_of(&db, hour(at)).await.unwrap(),
            "Deployment",
            "shop",
            "web",
        )
        .await
        .unwrap()
        .unwrap()
    };
    let (then, now) = (get(0).await, get(1).await);
    assert_eq!((then.deleted_at, now.deleted_at), (None, Some(hour(1))));
    assert_eq!((then.findings.len(), now.findings.len()), (1, 0));
    assert_eq!(
        (now.replicas, now.containers[0].image.as_str(), now.first_seen),
        (Some(2), "web:1", hour(0))
    );
    assert_eq!(now.manifest["spec"]["replicas"], 2);
    assert_eq!(now.history.len(), 4);
}

#[tokio::test]
async fn pods_that_cannot_be_read_change_no_workload() {
    let db = TestDatabase::create().await.unwrap().pool;
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": { "name": "web-1", "namespace": "shop", "ownerReferences":
            [{ "apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": true }] },
        "spec": { "containers": [{ "name": "c", "image": "web:1" }] },
    });
    let shop = Scene::empty().with_deployment("shop", "web", "web:1", 1).with(pod);
    shop.store(&db, hour(0)).await.unwrap();
    let mut blind = shop.clone().with_deployment("shop", "api", "api:1", 1);
    blind.snapshot.set(
        Kind::Pod,
        Collected::Denied {
            reason: "forbidden".into(),
        },
        Vec::new(),
    );
    blind.store(&db, hour(1)).await.unwrap();
    let query = WorkloadQuery {
        sort: Some("name".into()),
        ..WorkloadQuery::default()
    };
    let page = workloads::list(&db, ALL, &as_of(&db, hour(1)).await.unwrap(), &query)
        .await
        .unwrap();
    let pods: Vec<_> = page
        .items
        .iter()
        .map(|row| (row.object.name.as_str(), row.pods))
        .collect();
    assert_eq!(pods, [("api", 0), ("web", 1)]);
    let overview = overview::get(
        &db,
        ALL,
        &as_of(&db, hour(1)).await.unwrap(),
        chrono::Duration::hours(1),
    )
    .await
    .unwrap();
    assert_eq!((overview.size.pods, overview.size.workloads), (1, 2));
}

/// A page of the snapshots.
async fn page(db: &PgPool, limit: u32, cursor: Option<String>) -> Page<SnapshotRow> {
    let query = SnapshotQuery {
        limit: Some(limit),
        cursor,
        ..SnapshotQuery::default()
    };
    snapshots::list(db, ALL, CLUSTER, &query).await.unwrap()
}
