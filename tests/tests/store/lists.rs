//! Lists: filters, facets, order, pages, and who may see what.

use server::store::viewer::Viewer;
use server::store::{StoreError, changes, findings, overview, trends, workloads};
use shared::changes::ChangeQuery;
use shared::findings::{FindingPage, FindingQuery};
use shared::object::ObjectRef;
use shared::trends::TrendQuery;
use shared::verdict::Severity;
use shared::workloads::WorkloadQuery;
use sqlx::PgPool;
use tests::history::{Scene, as_of, finding, hour, severe};
use tests::postgres::TestDatabase;

const ALL: &Viewer = &Viewer::All;

/// Four findings on three objects of two namespaces, from two checks; one is fixed.
async fn shop(db: &PgPool) {
    let scene = Scene::empty()
        .with_deployment("shop", "web", "web:1", 2)
        .with_deployment("shop", "api", "api:1", 2)
        .with_deployment("bank", "ledger", "ledger_x:1", 2)
        .with_finding(severe(
            finding("container-privileged", "shop", "web", "web runs privileged"),
            Severity::Critical,
        ))
        .with_finding(severe(
            finding("container-privileged", "bank", "ledger", "ledger runs privileged"),
            Severity::Critical,
        ))
        .with_finding(severe(
            finding("image-tag-mutable", "shop", "web", "web's tag moves"),
            Severity::Low,
        ))
        .with_finding(severe(
            finding("image-tag-mutable", "shop", "api", "api's tag moves"),
            Severity::Low,
        ));
    scene.store(db, hour(0)).await.unwrap();
    let mut later = scene;
    later.report.findings.remove(1);
    later.store(db, hour(1)).await.unwrap();
}

async fn list(db: &PgPool, query: FindingQuery) -> FindingPage {
    findings::list(db, ALL, &as_of(db, hour(1)).await.unwrap(), &query)
        .await
        .unwrap()
}

fn facet(page: &FindingPage, name: &str) -> Vec<(String, u64)> {
    page.facets[name]
        .iter()
        .map(|facet| (facet.value.clone(), facet.count))
        .collect()
}

fn counts(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs
        .iter()
        .map(|(value, count)| ((*value).to_owned(), *count))
        .collect()
}

fn titles(page: &FindingPage) -> Vec<&str> {
    page.items.iter().map(|row| row.title.as_str()).collect()
}

#[tokio::test]
async fn what_a_known_controller_needs_says_why_in_the_list_and_by_itself() {
    let db = TestDatabase::create().await.unwrap().pool;
    let why = "Argo CD applies whatever its applications name.";
    let mut expected = finding("container-privileged", "shop", "web", "web runs privileged");
    expected.expected = Some(why.into());
    let mut scene = Scene::empty()
        .with_deployment("shop", "web", "web:1", 2)
        .with_finding(expected);
    scene.store(&db, hour(0)).await.unwrap();
    let read = async |hours: i64| {
        let as_of = as_of(&db, hour(hours)).await.unwrap();
        let query = FindingQuery::default();
        let page = findings::list(&db, ALL, &as_of, &query).await.unwrap();
        let row = &page.items[0];
        let detail = findings::get(&db, ALL, &as_of, &row.id).await.unwrap().unwrap();
        assert_eq!(detail.row.expected, row.expected);
        row.expected.clone()
    };
    assert_eq!(read(0).await.as_deref(), Some(why));
    scene.report.findings[0].expected = None;
    scene.store(&db, hour(1)).await.unwrap();
    assert_eq!(read(1).await, None);
    assert_eq!(read(0).await.as_deref(), Some(why));
}

#[tokio::test]
async fn each_facet_counts_with_the_other_filters() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop(&db).await;
    let page = list(
        &db,
        FindingQuery {
            severity: Some("critical".into()),
            ..FindingQuery::default()
        },
    )
    .await;
    assert_eq!((page.total, page.objects, page.open), (1, 1, 3));
    // Its own filter does not count: there is a way to the others.
    assert_eq!(facet(&page, "severity"), counts(&[("critical", 1), ("low", 2)]));
    // The others count, and what they leave nothing of stays, as 0.
    assert_eq!(
        facet(&page, "check"),
        counts(&[("container-privileged", 1), ("image-tag-mutable", 0)])
    );
    assert_eq!(facet(&page, "namespace"), counts(&[("shop", 1), ("bank", 0)]));
    assert_eq!(facet(&page, "status"), counts(&[("open", 1), ("fixed", 1)]));
    assert_eq!(facet(&page, "kind"), counts(&[("Deployment", 1)]));
    assert_eq!(facet(&page, "area"), counts(&[("images", 0), ("privileged", 1)]));
}

#[tokio::test]
async fn components_of_the_system_are_left_out_or_listed_alone() {
    let db = TestDatabase::create().await.unwrap().pool;
    let mut expected = finding("container-privileged", "argocd", "server", "needed");
    expected.expected = Some("Argo CD applies whatever its applications name.".into());
    let mut namespace = finding("namespace-without-quota", "", "openshift-ingress", "its own");
    namespace.object = ObjectRef {
        group: String::new(),
        kind: "Namespace".into(),
        namespace: String::new(),
        name: "openshift-ingress".into(),
    };
    let scene = Scene::empty()
        .with_finding(finding("container-privileged", "kube-system", "proxy", "system"))
        .with_finding(finding("container-privileged", "kube-systems", "web", "no system"))
        .with_finding(finding("container-privileged", "shop", "web", "mine"))
        .with_finding(expected)
        .with_finding(namespace);
    scene.store(&db, hour(1)).await.unwrap();
    let listed = async |system, cursor| {
        let query = FindingQuery {
            system,
            cursor,
            sort: Some("title".into()),
            limit: Some(2),
            ..FindingQuery::default()
        };
        list(&db, query).await
    };
    let all = listed(None, None).await;
    assert_eq!(
        (all.total, facet(&all, "system")),
        (5, counts(&[("true", 3), ("false", 2)]))
    );
    let mine = listed(Some(false), None).await;
    assert_eq!(
        (titles(&mine), mine.total, mine.open),
        (vec!["mine", "no system"], 2, 5)
    );
    // Its own filter does not count.
    assert_eq!(facet(&mine, "system"), counts(&[("true", 3), ("false", 2)]));
    assert_eq!(facet(&mine, "kind"), counts(&[("Deployment", 2), ("Namespace", 0)]));
    let first = listed(Some(true), None).await;
    let rest = listed(Some(true), first.next.clone()).await;
    assert_eq!(
        (titles(&first), titles(&rest)),
        (vec!["its own", "needed"], vec!["system"])
    );
    assert_eq!(rest.next, None);
}

#[tokio::test]
async fn every_filter_filters() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop(&db).await;
    let total = async |query| list(&db, query).await.total;
    let some = |text: &str| Some(text.to_owned());
    let none = FindingQuery::default;
    assert_eq!(
        total(FindingQuery {
            area: some("images"),
            ..none()
        })
        .await,
        2
    );
    assert_eq!(
        total(FindingQuery {
            check: some("image-tag-mutable,container-privileged"),
            ..none()
        })
        .await,
        3
    );
    assert_eq!(
        total(FindingQuery {
            status: some("open,fixed"),
            ..none()
        })
        .await,
        4
    );
    assert_eq!(
        total(FindingQuery {
            namespace: some("bank"),
            status: some("fixed"),
            ..none()
        })
        .await,
        1
    );
    assert_eq!(
        total(FindingQuery {
            namespace: some("-"),
            ..none()
        })
        .await,
        0
    );
    assert_eq!(
        total(FindingQuery {
            kind: some("Deployment"),
            name: some("web"),
            ..none()
        })
        .await,
        2
    );
    assert_eq!(
        total(FindingQuery {
            q: some("SHOP/web tag"),
            ..none()
        })
        .await,
        1
    );
    assert_eq!(total(FindingQuery { q: some("%"), ..none() }).await, 0);
    assert_eq!(
        total(FindingQuery {
            first_seen_after: Some(hour(1)),
            ..none()
        })
        .await,
        0
    );
    assert_eq!(
        total(FindingQuery {
            first_seen_after: Some(hour(0)),
            ..none()
        })
        .await,
        3
    );
    let as_of = as_of(&db, hour(1)).await.unwrap();
    for query in [
        FindingQuery {
            severity: some("awful"),
            ..none()
        },
        FindingQuery {
            area: some("x"),
            ..none()
        },
        FindingQuery {
            status: some("x"),
            ..none()
        },
        FindingQuery {
            sort: some("x"),
            ..none()
        },
        FindingQuery {
            name: some("\0"),
            ..none()
        },
    ] {
        let error = findings::list(&db, ALL, &as_of, &query).await.unwrap_err();
        assert!(matches!(error, StoreError::BadQuery(_)), "{query:?}: {error:?}");
    }
}

#[tokio::test]
async fn the_worst_comes_first_and_a_dash_turns_it_round() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop(&db).await;
    let sorted = async |sort: &str| {
        list(
            &db,
            FindingQuery {
                sort: Some(sort.into()),
                ..FindingQuery::default()
            },
        )
        .await
    };
    assert_eq!(titles(&sorted("severity").await)[0], "web runs privileged");
    assert_eq!(titles(&sorted("-severity").await)[2], "web runs privileged");
    assert_eq!(
        titles(&sorted("title").await),
        ["api's tag moves", "web runs privileged", "web's tag moves"]
    );
    assert_eq!(
        titles(&sorted("-title").await),
        ["web's tag moves", "web runs privileged", "api's tag moves"]
    );
    assert_eq!(titles(&sorted("object").await)[0], "api's tag moves");
}

#[tokio::test]
async fn pages_hold_every_row_once_though_many_tie() {
    let db = TestDatabase::create().await.unwrap().pool;
    let tied = |scene: Scene, number: usize| {
        scene.with_finding(finding(
            "image-tag-mutable",
            "shop",
            &format!("w{number}"),
            "its tag moves",
        ))
    };
    (0..25).fold(Scene::empty(), tied).store(&db, hour(1)).await.unwrap();
    for sort in ["severity", "-severity", "title", "-title", "object", "since", "-since"] {
        let mut query = FindingQuery {
            sort: Some(sort.into()),
            limit: Some(4),
            ..FindingQuery::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = list(&db, query.clone()).await;
            assert_eq!(page.total, 25);
            seen.extend(page.items.into_iter().map(|row| row.id));
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }
        let as_of = as_of(&db, hour(1)).await.unwrap();
        let all = findings::export(&db, ALL, &as_of, &query).await.unwrap();
        let all: Vec<_> = all.into_iter().map(|row| row.id).collect();
        assert_eq!(seen, all, "{sort}");
        assert_eq!(seen.len(), 25, "{sort}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop(&db).await;
    let page = list(
        &db,
        FindingQuery {
            limit: Some(1),
            ..FindingQuery::default()
        },
    )
    .await;
    let as_of = as_of(&db, hour(1)).await.unwrap();
    for cursor in [page.next.unwrap(), "x".into(), String::new()] {
        let query = FindingQuery {
            sort: Some("title".into()),
            cursor: Some(cursor.clone()),
            ..FindingQuery::default()
        };
        assert!(
            matches!(
                findings::list(&db, ALL, &as_of, &query).await,
                Err(StoreError::BadCursor)
            ),
            "{cursor}"
        );
        let query = WorkloadQuery {
            cursor: Some(cursor.clone()),
            ..WorkloadQuery::default()
        };
        assert!(
            matches!(
                workloads::list(&db, ALL, &as_of, &query).await,
                Err(StoreError::BadCursor)
            ),
            "{cursor}"
        );
        let query = ChangeQuery {
            cursor: Some(cursor.clone()),
            ..ChangeQuery::default()
        };
        assert!(
            matches!(
                changes::list(&db, ALL, &as_of, &query).await,
                Err(StoreError::BadCursor)
            ),
            "{cursor}"
        );
    }
}

#[tokio::test]
async fn workloads_are_sorted_by_risk_and_found_by_image() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop(&db).await;
    let as_of = as_of(&db, hour(1)).await.unwrap();
    let names = async |query: WorkloadQuery| {
        let page = workloads::list(&db, ALL, &as_of, &query).await.unwrap();
        (
            page.items.into_iter().map(|row| row.object.name).collect::<Vec<_>>(),
            page.next,
        )
    };
    let first = WorkloadQuery {
        limit: Some(2),
        ..WorkloadQuery::default()
    };
    let (two, next) = names(first.clone()).await;
    assert_eq!(two, ["web", "api"]);
    assert_eq!(
        names(WorkloadQuery { cursor: next, ..first }).await,
        (vec!["ledger".to_owned()], None)
    );
    assert_eq!(
        names(WorkloadQuery {
            sort: Some("-name".into()),
            ..WorkloadQuery::default()
        })
        .await
        .0,
        ["web", "ledger", "api"]
    );
    assert_eq!(
        names(WorkloadQuery {
            q: Some("ledger_x".into()),
            ..WorkloadQuery::default()
        })
        .await
        .0,
        ["ledger"]
    );
    assert_eq!(
        names(WorkloadQuery {
            q: Some("ledger%x".into()),
            ..WorkloadQuery::default()
        })
        .await
        .0,
        [""; 0]
    );
}

#[tokio::test]
async fn changes_come_in_pages_newest_first() {
    let db = TestDatabase::create().await.unwrap().pool;
    Scene::empty().store(&db, hour(0)).await.unwrap();
    let many = (0..9).fold(Scene::empty(), |scene, n| {
        scene.with_deployment("shop", &format!("w{n}"), "i:1", 1)
    });
    many.clone()
        .with_finding(finding("image-tag-mutable", "shop", "w1", "its tag moves"))
        .store(&db, hour(1))
        .await
        .unwrap();
    many.store(&db, hour(2)).await.unwrap();
    let as_of = as_of(&db, hour(2)).await.unwrap();
    let mut query = ChangeQuery {
        limit: Some(3),
        ..ChangeQuery::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = changes::list(&db, ALL, &as_of, &query).await.unwrap();
        seen.extend(page.items);
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 11);
    assert!(seen.is_sorted_by(|a, b| a.at >= b.at));
    let total = async |query| changes::list(&db, ALL, &as_of, &query).await.unwrap().total;
    assert_eq!(
        total(ChangeQuery {
            of: Some("findings".into()),
            ..ChangeQuery::default()
        })
        .await,
        2
    );
    assert_eq!(
        total(ChangeQuery {
            name: Some("w1".into()),
            of: Some("objects".into()),
            ..ChangeQuery::default()
        })
        .await,
        1
    );
    assert_eq!(
        total(ChangeQuery {
            since: Some(hour(1)),
            ..ChangeQuery::default()
        })
        .await,
        1
    );
}

#[tokio::test]
async fn a_viewer_of_one_namespace_sees_no_other() {
    let db = TestDatabase::create().await.unwrap().pool;
    shop(&db).await;
    let viewer = &Viewer::Namespaces(vec!["bank".into()]);
    let as_of = as_of(&db, hour(1)).await.unwrap();
    let query = FindingQuery {
        status: Some("open,fixed".into()),
        ..FindingQuery::default()
    };
    let page = findings::list(&db, viewer, &as_of, &query).await.unwrap();
    assert_eq!((page.total, facet(&page, "namespace")), (1, counts(&[("bank", 1)])));
    let hidden = list(&db, FindingQuery::default()).await.items[0].id.clone();
    assert!(findings::get(&db, viewer, &as_of, &hidden).await.unwrap().is_none());
    assert_eq!(
        workloads::list(&db, viewer, &as_of, &WorkloadQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    assert!(
        workloads::get(&db, viewer, &as_of, "Deployment", "shop", "web")
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        changes::list(&db, viewer, &as_of, &ChangeQuery::default())
            .await
            .unwrap()
            .total,
        1
    );
    let movement = overview::get(&db, viewer, &as_of, chrono::Duration::hours(1))
        .await
        .unwrap()
        .movement;
    assert_eq!((movement.open_before, movement.fixed, movement.open_now), (1, 1, 0));
}

#[tokio::test]
async fn a_long_trend_is_thinned_and_keeps_its_end() {
    let db = TestDatabase::create().await.unwrap().pool;
    Scene::empty().store(&db, hour(0)).await.unwrap();
    // Copies of the first, hour by hour: storing each would take long and show no more.
    let copy = "insert into snapshots select (jsonb_populate_record(s, jsonb_build_object('snapshot_id', n,
            'taken_at', s.taken_at + n * interval '1 hour'))).* from snapshots s, generate_series(2, 1000) n";
    sqlx::raw_sql(copy).execute(&db).await.unwrap();
    let copy = "insert into snapshot_areas select (jsonb_populate_record(a, jsonb_build_object('snapshot_id', n))).*
        from snapshot_areas a, generate_series(2, 1000) n";
    sqlx::raw_sql(copy).execute(&db).await.unwrap();
    let end = as_of(&db, hour(2000)).await.unwrap();
    let trend = async |query: TrendQuery| trends::get(&db, ALL, &end, &query).await.unwrap().points;
    let whole = trend(TrendQuery::default()).await;
    assert!((150..=400).contains(&whole.len()), "{}", whole.len());
    assert_eq!(whole.last().unwrap().at, hour(1000));
    assert!(whole.is_sorted_by_key(|point| point.at));
    let area = trend(TrendQuery {
        area: Some("rbac".into()),
        days: Some(10),
        ..TrendQuery::default()
    })
    .await;
    assert_eq!(area.len(), 241);
    let overview = overview::get(&db, ALL, &end, chrono::Duration::days(7)).await.unwrap();
    assert!(overview.history.len() <= 180 && overview.areas.len() == 9);
    assert!(
        overview
            .areas
            .iter()
            .all(|area| area.history.len() <= 90 && area.history.len() > 30)
    );
}
