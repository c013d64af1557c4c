//! Snapshots: storing them, listing them, finding the one that an instant rests on, and rebuilding the model from them.

mod findings;
mod network;
mod objects;
mod prepare;
mod probes;
mod results;
mod rollups;
mod undecided;
mod workloads;
mod write;

use std::collections::BTreeSet;
use std::sync::Arc;

use analysis::model::usage::Usage;
use analysis::model::{Kind, Object, Snapshot};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use shared::certificates::ServingCertificate;
use shared::ids::{ClusterId, SnapshotId};
use shared::object::ObjectRef;
use shared::page::{AsOf, Page};
use shared::score::{Score, SeverityCounts, VerdictCounts};
use shared::snapshots::{Collected, KindCoverage, Outcome, SnapshotDetail, SnapshotQuery, SnapshotRow};
use sqlx::PgPool;
use sqlx::types::Json;

use super::viewer::Viewer;
use super::{StoreError, count, cursor, filter, total};
pub use write::{NewSnapshot, fail, store};

struct Row {
    snapshot_id: i64,
    taken_at: DateTime<Utc>,
    duration_ms: i32,
    outcome: String,
    reason: String,
    catalogue: String,
    objects: i32,
    kinds_collected: i32,
    kinds_total: i32,
    score_value: Option<f32>,
    score_low: Option<f32>,
    score_high: Option<f32>,
    evidence: Option<f32>,
    checks_pass: i32,
    checks_fail: i32,
    checks_manual: i32,
    checks_not_evaluated: i32,
    checks_excepted: i32,
    open_critical: i32,
    open_high: i32,
    open_medium: i32,
    open_low: i32,
}

impl Row {
    fn score(&self) -> Option<Score> {
        Some(Score {
            value: self.score_value,
            low: self.score_low?,
            high: self.score_high?,
            evidence: self.evidence?,
            verdicts: VerdictCounts {
                pass: count(self.checks_pass),
                fail: count(self.checks_fail),
                manual: count(self.checks_manual),
                not_evaluated: count(self.checks_not_evaluated),
                excepted: count(self.checks_excepted),
            },
        })
    }
}

impl From<Row> for SnapshotRow {
    fn from(row: Row) -> Self {
        Self {
            score: row.score(),
            id: SnapshotId(row.snapshot_id),
            taken_at: row.taken_at,
            duration_ms: count(row.duration_ms),
            outcome: Outcome::parse(&row.outcome).unwrap_or(Outcome::Failed),
            reason: row.reason,
            objects: count(row.objects),
            kinds_collected: count(row.kinds_collected),
            kinds_total: count(row.kinds_total),
            open: SeverityCounts {
                critical: count(row.open_critical),
                high: count(row.open_high),
                medium: count(row.open_medium),
                low: count(row.open_low),
            },
            catalogue: row.catalogue,
        }
    }
}

/// A page of snapshots up to an instant, newest first, failed ones included.
///
/// # Errors
/// The cursor makes no sense, or the database did not answer.
pub async fn list(
    db: &PgPool,
    _viewer: &Viewer,
    cluster: ClusterId,
    query: &SnapshotQuery,
) -> Result<Page<SnapshotRow>, StoreError> {
    let before = cursor::below(query.cursor.as_deref())?;
    let limit = filter::limit(query.limit);
    let mut rows = rows(db, cluster, query.at, before, limit + 1).await?;
    let next = cursor::next(&mut rows, limit, |row| cursor::encode(&[&row.snapshot_id.to_string()]));
    let all = sqlx::query_scalar!(
        r#"select count(*) as "count!" from snapshots where cluster_id = $1 and ($2::timestamptz is null or taken_at <= $2)"#,
        cluster.0,
        query.at
    );
    Ok(Page {
        total: total(all.fetch_one(db).await?),
        items: rows.into_iter().map(SnapshotRow::from).collect(),
        next,
    })
}

/// Snapshots up to an instant and below a number, the highest first.
async fn rows(
    db: &PgPool,
    cluster: ClusterId,
    until: Option<DateTime<Utc>>,
    before: i64,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "select snapshot_id, taken_at, duration_ms, outcome, reason, catalogue, objects, kinds_collected, kinds_total,
            score_value, score_low, score_high, evidence,
            checks_pass, checks_fail, checks_manual, checks_not_evaluated, checks_excepted,
            open_critical, open_high, open_medium, open_low
        from snapshots
        where cluster_id = $1 and snapshot_id < $2 and ($4::timestamptz is null or taken_at <= $4)
        order by snapshot_id desc limit $3",
        cluster.0,
        before,
        limit,
        until
    );
    Ok(rows.fetch_all(db).await?)
}

/// One snapshot; none where there is none of that number.
///
/// # Errors
/// The database did not answer.
pub async fn get(
    db: &PgPool,
    _viewer: &Viewer,
    cluster: ClusterId,
    id: SnapshotId,
) -> Result<Option<SnapshotDetail>, StoreError> {
    let row = rows(db, cluster, None, id.0.saturating_add(1), 1).await?.pop();
    let Some(row) = row.filter(|row| row.snapshot_id == id.0) else {
        return Ok(None);
    };
    let warnings = sqlx::query_scalar!(
        r#"select warnings as "warnings: Json<Vec<String>>" from snapshots
        where cluster_id = $1 and snapshot_id = $2"#,
        cluster.0,
        id.0
    );
    let warnings = warnings.fetch_one(db).await?.0;
    let kinds = coverage(db, cluster, id)
        .await?
        .into_iter()
        .map(|(kind, outcome)| KindCoverage {
            resource: kind.info().resource(),
            outcome,
        });
    Ok(Some(SnapshotDetail {
        row: row.into(),
        kinds: kinds.collect(),
        warnings,
    }))
}

/// How reading each kind ended, in the order in which they are collected; nothing of a failed snapshot.
async fn coverage(db: &PgPool, cluster: ClusterId, id: SnapshotId) -> Result<Vec<(Kind, Collected)>, StoreError> {
    let rows = sqlx::query!(
        "select api_group, kind, status, count, reason from snapshot_kinds where cluster_id = $1 and snapshot_id = $2",
        cluster.0,
        id.0
    );
    let rows = rows.fetch_all(db).await?.into_iter().filter_map(|row| {
        let outcome = match row.status.as_str() {
            "collected" => Collected::Collected {
                count: count(row.count.unwrap_or_default()),
            },
            "denied" => Collected::Denied { reason: row.reason },
            "absent" => Collected::Absent,
            "failed" => Collected::Failed { reason: row.reason },
            _ => Collected::Skipped { reason: row.reason },
        };
        Some((Kind::of_group_kind(&row.api_group, &row.kind)?, outcome))
    });
    let mut rows: Vec<(Kind, Collected)> = rows.collect();
    rows.sort_by_key(|(kind, _)| *kind);
    Ok(rows)
}

/// The good snapshot that was the last at an instant: what every answer as of it rests on.
///
/// # Errors
/// The database did not answer.
pub async fn at(
    db: &PgPool,
    _viewer: &Viewer,
    cluster: ClusterId,
    at: DateTime<Utc>,
) -> Result<Option<AsOf>, StoreError> {
    let row = sqlx::query!(
        "select snapshot_id, taken_at from snapshots
        where cluster_id = $1 and taken_at <= $2 and outcome <> 'failed' order by taken_at desc limit 1",
        cluster.0,
        at
    );
    let row = row.fetch_optional(db).await?;
    Ok(row.map(|row| AsOf {
        cluster,
        snapshot: SnapshotId(row.snapshot_id),
        taken_at: row.taken_at,
    }))
}

/// The good snapshot that is the oldest: what a comparison begins with that asks for more time than is kept.
///
/// # Errors
/// The database did not answer.
pub async fn oldest(db: &PgPool, _viewer: &Viewer, cluster: ClusterId) -> Result<Option<AsOf>, StoreError> {
    let row = sqlx::query!(
        "select snapshot_id, taken_at from snapshots
        where cluster_id = $1 and outcome <> 'failed' order by taken_at limit 1",
        cluster.0
    );
    let row = row.fetch_optional(db).await?;
    Ok(row.map(|row| AsOf {
        cluster,
        snapshot: SnapshotId(row.snapshot_id),
        taken_at: row.taken_at,
    }))
}

/// The version of Kubernetes that the cluster ran then.
///
/// # Errors
/// There is no such snapshot, or the database did not answer.
pub async fn version(db: &PgPool, as_of: &AsOf) -> Result<String, StoreError> {
    let version = sqlx::query_scalar!(
        "select version from snapshots where cluster_id = $1 and snapshot_id = $2",
        as_of.cluster.0,
        as_of.snapshot.0
    );
    Ok(version.fetch_one(db).await?)
}

/// What is known beside the objects: those of which it could not be found out then whether they exist, how the API server
/// and the servers that were to be called had answered, and what containers used.
async fn beside(db: &PgPool, as_of: &AsOf, snapshot: &mut Snapshot) -> Result<(), StoreError> {
    let row = sqlx::query!(
        r#"select doubtful as "doubtful: Json<BTreeSet<ObjectRef>>", serving as "serving: Json<Result<ServingCertificate, String>>",
            usage
        from snapshots where cluster_id = $1 and snapshot_id = $2"#,
        as_of.cluster.0,
        as_of.snapshot.0
    );
    let row = row.fetch_one(db).await?;
    snapshot.doubtful = row.doubtful.0;
    snapshot.serving = row.serving.map(|serving| serving.0);
    snapshot.probes = probes::load(db, as_of).await?;
    let usage = row.usage.as_deref().map(Usage::from_protobuf).transpose();
    snapshot.usage = usage
        .map_err(|error| StoreError::Corrupt(error.to_string()))?
        .map(Arc::new);
    Ok(())
}

/// The model as it was known then, rebuilt: for the server's own reckoning (effects of patches, what-if), never to be
/// shown as it is. Objects of a kind that could not be read then are those that were known before.
///
/// # Errors
/// The database did not answer, or holds what can't be decoded.
pub async fn load(db: &PgPool, _viewer: &Viewer, as_of: &AsOf) -> Result<Snapshot, StoreError> {
    let mut snapshot = Snapshot::new(version(db, as_of).await?);
    beside(db, as_of, &mut snapshot).await?;
    let rows = sqlx::query!(
        "select o.api_group, o.kind, b.body from objects o join bodies b using (cluster_id, hash)
        where o.cluster_id = $1 and o.valid_from <= $2 and (o.valid_to is null or o.valid_to > $2)",
        as_of.cluster.0,
        as_of.taken_at
    );
    let mut rows = rows.fetch(db);
    let mut objects: std::collections::BTreeMap<Kind, Vec<Object>> = std::collections::BTreeMap::new();
    while let Some(row) = rows.try_next().await? {
        let Some(kind) = Kind::of_group_kind(&row.api_group, &row.kind) else {
            continue;
        };
        let object = Object::from_protobuf(kind, &row.body).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        objects.entry(kind).or_default().push(object);
    }
    for (kind, outcome) in coverage(db, as_of.cluster, as_of.snapshot).await? {
        snapshot.set(kind, outcome, objects.remove(&kind).unwrap_or_default());
    }
    Ok(snapshot)
}
