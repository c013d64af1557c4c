//! What kube-bench said of nodes: when it counts, and that it is kept once.

use analysis::kube_bench::parse;
use server::store::compliance;
use server::store::kube_bench::{forget, keep, list};
use server::store::viewer::Viewer;
use shared::kube_bench::{KubeBenchReport, KubeBenchStatus};
use sqlx::PgPool;
use tests::history::{CLUSTER, Scene, as_of, hour};
use tests::postgres::TestDatabase;

const ALL: &Viewer = &Viewer::All;

fn report(node: &str, status: &str) -> KubeBenchReport {
    let json = format!(
        r#"{{"version": "cis-1.12", "tests": [{{"results": [
            {{"test_number": "4.1.1", "test_desc": "Modes", "remediation": "chmod", "status": "{status}"}}]}}]}}"#
    );
    parse(node, json.as_bytes()).unwrap()
}

/// What compliance rests on as of an hour: each node, and how its one test ended.
async fn known(db: &PgPool, at: i64) -> Vec<(String, KubeBenchStatus)> {
    let at = as_of(db, hour(at)).await.unwrap();
    let known = compliance::known(db, ALL, &at).await.unwrap();
    let reports = known.kube_bench.into_iter();
    reports.map(|report| (report.node, report.results[0].status)).collect()
}

#[tokio::test]
async fn a_report_counts_from_the_next_snapshot_even_where_the_clock_was_set_back() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    Scene::empty().store(db, hour(2)).await.unwrap();
    let handed_in = keep(db, "ann", CLUSTER, &report("n1", "FAIL"), hour(1)).await.unwrap();
    assert!(handed_in.received > hour(2), "what rests on a snapshot never changes");
    assert_eq!(known(db, 2).await, []);
    Scene::empty().store(db, hour(3)).await.unwrap();
    assert_eq!(known(db, 3).await, [("n1".to_owned(), KubeBenchStatus::Fail)]);

    keep(db, "ann", CLUSTER, &report("n1", "PASS"), hour(4)).await.unwrap();
    Scene::empty().store(db, hour(5)).await.unwrap();
    assert_eq!(known(db, 5).await, [("n1".to_owned(), KubeBenchStatus::Pass)]);
    forget(db, "ann", CLUSTER, "n1", hour(6)).await.unwrap();
    Scene::empty().store(db, hour(7)).await.unwrap();
    assert_eq!(known(db, 7).await, []);
    assert_eq!(known(db, 3).await, [("n1".to_owned(), KubeBenchStatus::Fail)]);
}

#[tokio::test]
async fn nodes_that_say_the_same_share_one_copy_of_it() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    Scene::empty().store(db, hour(0)).await.unwrap();
    for (node, at) in [("n1", 1), ("n2", 1), ("n1", 2)] {
        keep(db, "ann", CLUSTER, &report(node, "WARN"), hour(at)).await.unwrap();
    }
    let copies: i64 = sqlx::query_scalar("select count(*) from kube_bench_results")
        .fetch_one(db)
        .await
        .unwrap();
    assert_eq!(copies, 1);
    let held = list(db, ALL, CLUSTER).await.unwrap();
    let told: Vec<_> = held
        .iter()
        .map(|row| (row.node.as_str(), row.received, row.totals.warn))
        .collect();
    assert_eq!(told, [("n1", hour(2), 1), ("n2", hour(1), 1)]);
}

#[tokio::test]
async fn who_may_not_see_the_whole_cluster_sees_nothing_of_its_nodes() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    Scene::empty().store(db, hour(0)).await.unwrap();
    keep(db, "ann", CLUSTER, &report("n1", "FAIL"), hour(1)).await.unwrap();
    Scene::empty().store(db, hour(2)).await.unwrap();
    let viewer = Viewer::Namespaces(vec!["shop".to_owned()]);
    assert_eq!(list(db, &viewer, CLUSTER).await.unwrap(), []);
    let at = as_of(db, hour(2)).await.unwrap();
    assert_eq!(compliance::known(db, &viewer, &at).await.unwrap().kube_bench, []);
}
