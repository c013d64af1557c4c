//! What kube-bench said of nodes, kept as it was handed in.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use shared::ids::ClusterId;
use shared::kube_bench::{KubeBenchReport, KubeBenchResult, KubeBenchRow, KubeBenchTotals};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

use super::viewer::Viewer;
use super::{StoreError, audit};
use crate::compliance::history::Held;

/// What is held of one node.
struct Row {
    node: String,
    valid_from: DateTime<Utc>,
    valid_to: Option<DateTime<Utc>>,
    received_by: String,
    hash: Vec<u8>,
}

/// Keeps a report in the place of the one that is held of its node. It counts from the first snapshot after that.
///
/// # Errors
/// There is no such cluster, or the database did not answer.
pub async fn keep(
    db: &PgPool,
    actor: &str,
    cluster: ClusterId,
    report: &KubeBenchReport,
    now: DateTime<Utc>,
) -> Result<KubeBenchRow, StoreError> {
    let hash = hash(&report.results)?;
    let mut tx = db.begin().await?;
    let at = close(&mut tx, cluster, &report.node, now).await?.at;
    let insert = sqlx::query!(
        "insert into kube_bench_results (cluster_id, hash, results) values ($1, $2, $3) on conflict do nothing",
        cluster.0,
        hash.as_slice(),
        Json(&report.results) as _
    );
    insert.execute(&mut *tx).await?;
    let insert = sqlx::query!(
        "insert into kube_bench (cluster_id, node, valid_from, received_by, hash) values ($1, $2, $3, $4, $5)",
        cluster.0,
        report.node,
        at,
        actor,
        hash.as_slice()
    );
    insert.execute(&mut *tx).await?;
    let subject = format!("{} of {cluster}", report.node);
    audit::append(&mut *tx, now, actor, "kube-bench handed in", &subject).await?;
    tx.commit().await?;
    Ok(row(&report.node, at, actor, &report.results))
}

/// Forgets what is held of a node, from the first snapshot after that. Answers as of before stay as they were.
///
/// # Errors
/// Nothing is held of it, or the database did not answer.
pub async fn forget(
    db: &PgPool,
    actor: &str,
    cluster: ClusterId,
    node: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    if !close(&mut tx, cluster, node, now).await?.was_held {
        return Err(StoreError::NotFound(format!("Nothing is held of a node {node}.")));
    }
    let subject = format!("{node} of {cluster}");
    audit::append(&mut *tx, now, actor, "kube-bench forgotten", &subject).await?;
    tx.commit().await?;
    Ok(())
}

/// When what is held of a node ended, and whether anything was.
struct Closed {
    at: DateTime<Utc>,
    was_held: bool,
}

/// Ends what is held of a node, and locks the cluster until the transaction ends. That is later than its last snapshot: what rests
/// on one never changes.
async fn close(
    tx: &mut PgConnection,
    cluster: ClusterId,
    node: &str,
    now: DateTime<Utc>,
) -> Result<Closed, StoreError> {
    let last = sqlx::query_scalar!(
        "select last_taken_at from clusters where cluster_id = $1 for update",
        cluster.0
    );
    let last = last.fetch_optional(&mut *tx).await?;
    let last = last.ok_or_else(|| StoreError::NotFound(format!("There is no cluster {cluster}.")))?;
    let before = sqlx::query_scalar!(
        "select max(valid_from) from kube_bench where cluster_id = $1 and node = $2",
        cluster.0,
        node
    );
    let before = before.fetch_one(&mut *tx).await?;
    // To the microsecond, as PostgreSQL keeps it.
    let now = now.trunc_subsecs(6);
    let next = |last: DateTime<Utc>| now.max(last + TimeDelta::microseconds(1));
    let at = last.max(before).map_or(now, next);
    let update = sqlx::query!(
        "update kube_bench set valid_to = $3 where cluster_id = $1 and node = $2 and valid_to is null",
        cluster.0,
        node,
        at
    );
    let was_held = update.execute(&mut *tx).await?.rows_affected() > 0;
    Ok(Closed { at, was_held })
}

/// What is held now, by node. It tells of the whole cluster: who may not see all of it sees nothing.
///
/// # Errors
/// The database did not answer.
pub async fn list(db: &PgPool, viewer: &Viewer, cluster: ClusterId) -> Result<Vec<KubeBenchRow>, StoreError> {
    if *viewer != Viewer::All {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Row,
        "select node, valid_from, valid_to, received_by, hash from kube_bench
        where cluster_id = $1 and valid_to is null order by node",
        cluster.0
    );
    let rows = rows.fetch_all(db).await?;
    let results = results(db, cluster, &rows).await?;
    let held = rows.iter().filter_map(|held| {
        let results = results.get(&held.hash)?;
        Some(row(&held.node, held.valid_from, &held.received_by, results))
    });
    Ok(held.collect())
}

fn row(node: &str, received: DateTime<Utc>, received_by: &str, results: &[KubeBenchResult]) -> KubeBenchRow {
    let named = results.iter().filter(|result| !result.benchmark.is_empty());
    KubeBenchRow {
        node: node.to_owned(),
        received,
        received_by: received_by.to_owned(),
        benchmarks: named.map(|result| result.benchmark.clone()).collect(),
        totals: KubeBenchTotals::of(results),
    }
}

/// What was held between two instants, or at one, without what controls ask for and how to meet it: whoever holds these against
/// a framework knows that. Who may not see the whole cluster sees nothing.
///
/// # Errors
/// The database did not answer.
pub async fn held(
    db: &PgPool,
    viewer: &Viewer,
    cluster: ClusterId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Held<KubeBenchReport>>, StoreError> {
    if *viewer != Viewer::All {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as!(
        Row,
        "select node, valid_from, valid_to, received_by, hash from kube_bench
        where cluster_id = $1 and valid_from <= $3 and (valid_to is null or valid_to > $2) order by node, valid_from",
        cluster.0,
        from,
        to
    );
    let rows = rows.fetch_all(db).await?;
    let mut results = results(db, cluster, &rows).await?;
    for result in results.values_mut().flatten() {
        result.description.clear();
        result.remediation.clear();
    }
    let held = rows.into_iter().filter_map(|row| {
        Some(Held {
            from: row.valid_from,
            to: row.valid_to,
            what: KubeBenchReport {
                node: row.node,
                received: Some(row.valid_from),
                results: results.get(&row.hash)?.clone(),
            },
        })
    });
    Ok(held.collect())
}

/// The results of these rows, each once, by their hashes.
async fn results(
    db: &PgPool,
    cluster: ClusterId,
    rows: &[Row],
) -> Result<HashMap<Vec<u8>, Vec<KubeBenchResult>>, StoreError> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let hashes: Vec<Vec<u8>> = rows.iter().map(|row| row.hash.clone()).collect();
    let found = sqlx::query!(
        r#"select hash, results as "results: Json<Vec<KubeBenchResult>>" from kube_bench_results
        where cluster_id = $1 and hash = any($2)"#,
        cluster.0,
        &hashes
    );
    let found = found.fetch_all(db).await?.into_iter();
    Ok(found.map(|row| (row.hash, row.results.0)).collect())
}

fn hash(results: &[KubeBenchResult]) -> Result<Vec<u8>, StoreError> {
    let text = serde_json::to_vec(results).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(Sha256::digest(text).to_vec())
}
