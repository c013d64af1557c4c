//! Reports: what they say of two snapshots, and that they are kept as they were written.

use std::sync::Arc;

use analysis::catalogue::Catalogue;
use analysis::framework;
use chrono::{DateTime, TimeDelta, Utc};
use server::reports::{make, schedule};
use server::store::reports::{By, Made, file, list};
use server::store::viewer::Viewer;
use shared::frameworks::Framework;
use shared::page::AsOf;
use shared::reports::document::Report;
use shared::reports::{ReportFormat, ReportQuery, ReportRow};
use sqlx::PgPool;
use tests::history::{CLUSTER, Scene, as_of, finding, hour};
use tests::postgres::TestDatabase;

const ALL: &Viewer = &Viewer::All;

/// Every check counts for it.
fn practices() -> Arc<Framework> {
    Arc::new(framework::by_id("nine-practices").unwrap().clone())
}

fn day(day: i64) -> DateTime<Utc> {
    hour(24 * day)
}

async fn at(db: &PgPool, at: DateTime<Utc>) -> AsOf {
    as_of(db, at).await.unwrap()
}

async fn made(db: &PgPool, of: DateTime<Utc>) -> ReportRow {
    let made = Made {
        at: Utc::now(),
        by: By::Name("ann"),
    };
    let (framework, catalogue) = (practices(), Catalogue::default());
    let of = at(db, of).await;
    make(db, (&framework, &catalogue), &of, made).await.unwrap().report
}

async fn text(db: &PgPool, report: &ReportRow, format: ReportFormat) -> String {
    file(db, ALL, CLUSTER, report.id, format).await.unwrap().unwrap()
}

async fn document(db: &PgPool, report: &ReportRow) -> Report {
    serde_json::from_str(&text(db, report, ReportFormat::Json).await).unwrap()
}

/// A week in which one finding is put right, one goes with its Deployment, and one is opened.
async fn a_week(db: &PgPool, catalogue: &str) {
    let before = Scene::empty()
        .with_deployment("shop", "web", "web:1", 2)
        .with_deployment("shop", "old", "old:1", 2)
        .with_finding(finding("container-privileged", "shop", "web", "web runs privileged"))
        .with_finding(finding("container-privileged", "shop", "old", "old runs privileged"));
    before.store(db, day(0)).await.unwrap();
    let mut after = Scene::empty()
        .with_deployment("shop", "web", "web:2", 2)
        .with_finding(finding("image-tag-mutable", "shop", "web", "web's tag moves <b>"));
    after.catalogue = catalogue.to_owned();
    after.store(db, day(7)).await.unwrap();
}

#[tokio::test]
async fn a_report_tells_what_moved_and_why() {
    let database = TestDatabase::create().await.unwrap();
    a_week(&database.pool, analysis::checks::RELEASE).await;
    let report = document(&database.pool, &made(&database.pool, day(7)).await).await;
    let moved = report.moved.unwrap();
    assert_eq!((moved.since, moved.follows_report), (day(0), false));
    assert_eq!((moved.opened.findings.total(), moved.opened.by_change()), (1, 1));
    assert_eq!((moved.closed.findings.total(), moved.closed.by_deletion), (2, 1));
    let told: Vec<(&str, &str)> = moved
        .controls
        .iter()
        .map(|moved| (moved.id.as_str(), moved.why.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("images", "1 finding was opened"),
            ("privileged", "all 2 of its findings are closed")
        ]
    );
    assert_eq!(report.decide[0].check, "image-tag-mutable");
    assert_eq!(report.namespaces[0].namespace, "shop");
}

#[tokio::test]
async fn what_another_release_of_the_checks_did_is_not_put_down_to_the_cluster() {
    let database = TestDatabase::create().await.unwrap();
    a_week(&database.pool, "another").await;
    let report = document(&database.pool, &made(&database.pool, day(7)).await).await;
    let moved = report.moved.unwrap();
    assert_eq!((moved.opened.by_release, moved.opened.by_change()), (1, 0));
    assert_eq!((moved.closed.by_release, moved.closed.by_deletion), (2, 0));
    assert_ne!(moved.catalogue, report.catalogue);
}

#[tokio::test]
async fn the_same_snapshots_give_the_same_bytes() {
    let databases = [
        TestDatabase::create().await.unwrap(),
        TestDatabase::create().await.unwrap(),
    ];
    let mut files: Vec<Vec<String>> = Vec::new();
    for database in &databases {
        let db = &database.pool;
        a_week(db, analysis::checks::RELEASE).await;
        let first = made(db, day(7)).await;
        assert_eq!(made(db, day(7)).await, first, "of a snapshot there is one report");
        let mut of_one = Vec::new();
        for format in ReportFormat::ALL {
            of_one.push(text(db, &first, format).await);
        }
        files.push(of_one);
    }
    assert_eq!(files[0], files[1]);
    let html = &files[0][0];
    assert!(html.contains("web's tag moves &lt;b&gt;"));
    assert!(
        !html.contains("<script") && !html.contains(" style="),
        "it needs nothing but its own style"
    );
}

#[tokio::test]
async fn scheduled_reports_come_when_they_are_due_and_follow_one_another() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    let (framework, week) = (practices(), TimeDelta::days(7));
    let catalogue = Catalogue::default();
    let due = async |now: DateTime<Utc>| {
        let made = schedule::make_due(db, (&framework, &catalogue), week, now).await;
        made.unwrap();
    };
    due(day(0)).await;
    a_week(db, analysis::checks::RELEASE).await;
    for now in [day(0), day(6), day(7), day(8)] {
        due(now).await;
    }
    Scene::empty().store(db, day(9)).await.unwrap();
    // Asked for in between, it is compared with the last scheduled one, and moves none of those that follow.
    assert_eq!(made(db, day(9)).await.since, Some(day(7)));
    Scene::empty().store(db, day(14)).await.unwrap();
    due(day(14)).await;
    let reports = list(db, ALL, CLUSTER, &ReportQuery::default()).await.unwrap();
    let told: Vec<_> = reports
        .items
        .iter()
        .map(|report| (report.taken_at, report.since, report.made_by.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (day(14), Some(day(7)), "schedule"),
            (day(9), Some(day(7)), "ann"),
            (day(7), Some(day(0)), "schedule"),
            (day(0), None, "schedule"),
        ]
    );
    let by_then = ReportQuery {
        at: Some(day(8)),
        limit: Some(1),
        ..Default::default()
    };
    let reports = list(db, ALL, CLUSTER, &by_then).await.unwrap();
    assert_eq!((reports.items[0].taken_at, reports.total), (day(7), 2));
}

#[tokio::test]
async fn what_is_there_already_is_told_and_what_another_server_made_is_not_made_again() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    a_week(db, analysis::checks::RELEASE).await;
    let (framework, catalogue, week) = (practices(), Catalogue::default(), TimeDelta::days(7));
    let ask = async |of: i64, by: By<'static>| {
        let made = Made { at: day(of + 1), by };
        let of = at(db, day(of)).await;
        make(db, (&framework, &catalogue), &of, made).await.unwrap()
    };
    let first = ask(7, By::Schedule(week)).await;
    assert!(first.is_new);
    let again = ask(7, By::Name("ann")).await;
    assert_eq!((again.is_new, &again.report), (false, &first.report));
    // It looked whether one was due before the first was there.
    Scene::empty().store(db, day(9)).await.unwrap();
    let late = ask(9, By::Schedule(week)).await;
    assert_eq!((late.is_new, &late.report), (false, &first.report));
    assert!(ask(9, By::Name("ann")).await.is_new);
}

#[tokio::test]
async fn who_may_not_see_the_whole_cluster_sees_no_report() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    a_week(db, analysis::checks::RELEASE).await;
    let report = made(db, day(7)).await;
    let viewer = Viewer::Namespaces(vec!["shop".to_owned()]);
    let seen = list(db, &viewer, CLUSTER, &ReportQuery::default()).await.unwrap();
    assert_eq!(seen.total, 0);
    let seen = file(db, &viewer, CLUSTER, report.id, ReportFormat::Html).await.unwrap();
    assert_eq!(seen, None);
}
