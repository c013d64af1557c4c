//! Storing a snapshot: whole or not at all, in one transaction, and only what changed.

use std::collections::{HashMap, HashSet};
use std::hash::Hash as Key;
use std::sync::Arc;
use std::time::{Duration, Instant};

use analysis::Report;
use analysis::model::{Kind, Snapshot};
use chrono::{DateTime, SubsecRound, Utc};
use shared::clusters::Source;
use shared::ids::{ClusterId, SnapshotId};
use shared::network::coverage::Figures;
use shared::snapshots::Outcome;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::prepare::{Hash, Prepared, prepare};
use super::{findings, network, objects, probes, results, rollups, workloads};
use crate::store::StoreError;

/// So many new rows change how queries are best planned.
const MANY: usize = 1000;

/// A snapshot to be stored. Cheap to clone.
#[derive(Debug, Clone)]
pub struct NewSnapshot {
    /// The cluster.
    pub cluster: ClusterId,
    /// Its name as of now; a renamed context is the same cluster.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// From when it is known: later than that of every good snapshot of the cluster before.
    pub taken_at: DateTime<Utc>,
    /// What was read.
    pub snapshot: Arc<Snapshot>,
    /// What the checks say of it.
    pub report: Arc<Report>,
    /// How far network policies cover it; none where that can't be told.
    pub network: Option<Figures>,
    /// What else went wrong on the way.
    pub warnings: Vec<String>,
    /// The release of the check catalogue and the settings, [`analysis::catalogue::Catalogue::release`].
    pub catalogue: String,
    /// The release of the model, [`analysis::model::RELEASE`].
    pub model: i32,
}

/// What the parts of the transaction have in common.
pub(super) struct Writing<'a> {
    pub(super) new: &'a NewSnapshot,
    pub(super) prepared: &'a Prepared,
    pub(super) cluster: Uuid,
    pub(super) snapshot: i64,
    /// To the microsecond, as PostgreSQL keeps it.
    pub(super) at: DateTime<Utc>,
    pub(super) previous: Option<Previous>,
    /// Another release of the checks or the model judged the snapshot before.
    pub(super) by_release: bool,
}

/// The good snapshot before.
pub(super) struct Previous {
    pub(super) taken_at: DateTime<Utc>,
    catalogue: String,
    model: i32,
    pub(super) workloads_digest: Vec<u8>,
    pub(super) findings_digest: Vec<u8>,
    /// What is known of each kind that could be read once.
    pub(super) kinds: HashMap<Kind, Vec<u8>>,
}

/// Stores a snapshot; `spent` is how long reading and judging it took. Kinds that could not be read and checks that could
/// not decide close and open nothing.
///
/// # Errors
/// A later snapshot of the cluster is stored already, or the database did not answer; then nothing is stored.
pub async fn store(db: &PgPool, new: &NewSnapshot, spent: Duration) -> Result<SnapshotId, StoreError> {
    let begun = Instant::now();
    let preparing = new.clone();
    let prepared = tokio::task::spawn_blocking(move || prepare(&preparing)).await;
    let prepared = prepared.map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let mut tx = db.begin().await?;
    let writing = begin(&mut tx, new, &prepared).await?;
    let opened = objects::write(&mut tx, &writing).await?;
    workloads::write(&mut tx, &writing).await?;
    findings::write(&mut tx, &writing).await?;
    results::write(&mut tx, &writing).await?;
    probes::write(&mut tx, &writing).await?;
    rollups::write(&mut tx, &writing, spent + begun.elapsed()).await?;
    network::write(&mut tx, &writing).await?;
    tx.commit().await?;
    if opened > MANY {
        // PostgreSQL would plan for empty tables until its own housekeeping comes by, a minute from now.
        sqlx::raw_sql("analyze bodies, objects, workloads, findings")
            .execute(db)
            .await?;
    }
    Ok(SnapshotId(writing.snapshot))
}

/// Locks the cluster, so that two of its snapshots follow one another, and looks up the one before.
async fn begin<'a>(
    tx: &mut PgConnection,
    new: &'a NewSnapshot,
    prepared: &'a Prepared,
) -> Result<Writing<'a>, StoreError> {
    let (cluster, at) = (new.cluster.0, new.taken_at.trunc_subsecs(6));
    let row = sqlx::query!(
        "insert into clusters (cluster_id, name, source, version, last_number) values ($1, $2, $3, $4, 1)
        on conflict (cluster_id) do update
        set name = excluded.name, source = excluded.source, version = excluded.version,
            last_number = clusters.last_number + 1
        returning last_number, last_taken_at",
        cluster,
        new.name,
        new.source.as_str(),
        new.snapshot.version
    );
    let row = row.fetch_one(&mut *tx).await?;
    if row.last_taken_at.is_some_and(|last| last >= at) {
        return Err(StoreError::Conflict(
            "A later snapshot of the cluster is stored already.".into(),
        ));
    }
    sqlx::query!(
        "update clusters set last_taken_at = $2 where cluster_id = $1",
        cluster,
        at
    )
    .execute(&mut *tx)
    .await?;
    let previous = match row.last_taken_at {
        Some(last) => Some(previous(tx, cluster, last).await?),
        None => None,
    };
    let by_release = previous
        .as_ref()
        .is_some_and(|p| p.catalogue != new.catalogue || p.model != new.model);
    Ok(Writing {
        new,
        prepared,
        cluster,
        snapshot: row.last_number,
        at,
        previous,
        by_release,
    })
}

async fn previous(tx: &mut PgConnection, cluster: Uuid, taken_at: DateTime<Utc>) -> Result<Previous, StoreError> {
    let row = sqlx::query!(
        "select snapshot_id, catalogue, model, workloads_digest, findings_digest from snapshots
        where cluster_id = $1 and taken_at = $2 and outcome <> 'failed'",
        cluster,
        taken_at
    );
    let row = row.fetch_one(&mut *tx).await?;
    let kinds = sqlx::query!(
        r#"select api_group, kind, digest as "digest!" from snapshot_kinds
        where cluster_id = $1 and snapshot_id = $2 and digest is not null"#,
        cluster,
        row.snapshot_id
    );
    let kinds = kinds.fetch_all(&mut *tx).await?;
    Ok(Previous {
        taken_at,
        catalogue: row.catalogue,
        model: row.model,
        workloads_digest: row.workloads_digest.unwrap_or_default(),
        findings_digest: row.findings_digest.unwrap_or_default(),
        kinds: kinds
            .into_iter()
            .filter_map(|k| Some((Kind::of_group_kind(&k.api_group, &k.kind)?, k.digest)))
            .collect(),
    })
}

/// Stores that a snapshot of a known cluster failed, and why. The good one before stays what is known.
///
/// # Errors
/// There is no such cluster yet, or the database did not answer.
pub async fn fail(
    db: &PgPool,
    cluster: ClusterId,
    failed_at: DateTime<Utc>,
    reason: &str,
) -> Result<SnapshotId, StoreError> {
    let mut tx = db.begin().await?;
    let number = sqlx::query_scalar!(
        "update clusters set last_number = last_number + 1 where cluster_id = $1 returning last_number",
        cluster.0
    );
    let number = number.fetch_optional(&mut *tx).await?;
    let number = number.ok_or_else(|| StoreError::NotFound(format!("There is no cluster {cluster}.")))?;
    let insert = sqlx::query!(
        "insert into snapshots (cluster_id, snapshot_id, taken_at, duration_ms, outcome, reason, warnings,
            version, catalogue, model, objects, kinds_collected, kinds_total, namespaces, workloads, pods, nodes,
            checks_pass, checks_fail, checks_manual, checks_not_evaluated, checks_excepted,
            open_critical, open_high, open_medium, open_low)
        values ($1, $2, $3, 0, $4, $5, '[]', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
        cluster.0,
        number,
        failed_at,
        Outcome::Failed.as_str(),
        reason
    );
    insert.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(SnapshotId(number))
}

/// What is to be opened and closed so that the open rows say what the snapshot says.
pub(super) struct Diff<K> {
    /// What gets a new row, and whether that follows another.
    pub(super) opened: Vec<(K, bool)>,
    /// Whose open row closes, and whether another follows.
    pub(super) closed: Vec<(K, bool)>,
}

/// Compares the rows that are open with what was seen.
pub(super) fn diff<K: Key + Eq + Copy>(open: &HashMap<K, &[u8]>, seen: impl Iterator<Item = (K, Hash)>) -> Diff<K> {
    let mut diff = Diff {
        opened: Vec::new(),
        closed: Vec::new(),
    };
    let mut found = HashSet::with_capacity(open.len());
    for (key, hash) in seen {
        found.insert(key);
        match open.get(&key) {
            Some(known) if *known == hash => {}
            Some(_) => {
                diff.opened.push((key, true));
                diff.closed.push((key, true));
            }
            None => diff.opened.push((key, false)),
        }
    }
    diff.closed
        .extend(open.keys().filter(|key| !found.contains(*key)).map(|key| (*key, false)));
    diff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_opened_and_closed() {
        let known = [1; 16];
        let open: HashMap<&str, &[u8]> = ["same", "changed", "gone"].map(|key| (key, &known[..])).into();
        let seen = [("same", 1), ("changed", 2), ("new", 1)].map(|(k, h)| (k, [h; 16]));
        let diff = diff(&open, seen.into_iter());
        assert_eq!(diff.opened, [("changed", true), ("new", false)]);
        assert_eq!(diff.closed, [("changed", true), ("gone", false)]);
    }
}
