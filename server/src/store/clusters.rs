//! Clusters.

use chrono::{DateTime, Utc};
use shared::clusters::{Cluster, Source};
use shared::ids::ClusterId;
use shared::score::SeverityCounts;
use sqlx::PgPool;
use uuid::Uuid;

use super::viewer::Viewer;
use super::{StoreError, count};

struct Row {
    cluster_id: Uuid,
    name: String,
    source: String,
    version: String,
    last_taken_at: Option<DateTime<Utc>>,
}

impl From<Row> for Cluster {
    fn from(row: Row) -> Self {
        Self {
            id: ClusterId(row.cluster_id),
            name: row.name,
            source: Source::parse(&row.source).unwrap_or(Source::Live),
            version: row.version,
            last_snapshot: row.last_taken_at,
        }
    }
}

/// All clusters, by name. Every viewer knows which there are.
///
/// # Errors
/// The database did not answer.
pub async fn list(db: &PgPool, _viewer: &Viewer) -> Result<Vec<Cluster>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "select cluster_id, name, source, version, last_taken_at from clusters order by name, cluster_id"
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Cluster::from).collect())
}

/// The one that is named, else the first by name; none before there is one.
///
/// # Errors
/// There is no such cluster, or the database did not answer.
pub async fn named_or_first(
    db: &PgPool,
    viewer: &Viewer,
    named: Option<ClusterId>,
) -> Result<Option<Cluster>, StoreError> {
    match named {
        Some(id) => get(db, viewer, id).await.map(Some),
        None => Ok(list(db, viewer).await?.into_iter().next()),
    }
}

/// One cluster.
///
/// # Errors
/// There is no such cluster, or the database did not answer.
pub async fn get(db: &PgPool, _viewer: &Viewer, id: ClusterId) -> Result<Cluster, StoreError> {
    let row = sqlx::query_as!(
        Row,
        "select cluster_id, name, source, version, last_taken_at from clusters where cluster_id = $1",
        id.0
    );
    let row = row.fetch_optional(db).await?;
    row.map(Cluster::from)
        .ok_or_else(|| StoreError::NotFound(format!("There is no cluster {id}.")))
}

/// What metrics tell of a cluster: its last good snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The cluster's name.
    pub name: String,
    /// When the snapshot was taken.
    pub taken_at: DateTime<Utc>,
    /// Its score.
    pub score: Option<f32>,
    /// Its open findings.
    pub open: SeverityCounts,
}

/// The figures of every cluster that has a good snapshot.
///
/// # Errors
/// The database did not answer.
pub async fn figures(db: &PgPool, _viewer: &Viewer) -> Result<Vec<Figures>, StoreError> {
    let rows = sqlx::query!(
        "select c.name, s.taken_at, s.score_value, s.open_critical, s.open_high, s.open_medium, s.open_low
        from clusters c join snapshots s on s.cluster_id = c.cluster_id and s.taken_at = c.last_taken_at
        where s.outcome <> 'failed' order by c.name"
    );
    let figures = rows.fetch_all(db).await?.into_iter().map(|row| Figures {
        name: row.name,
        taken_at: row.taken_at,
        score: row.score_value,
        open: SeverityCounts {
            critical: count(row.open_critical),
            high: count(row.open_high),
            medium: count(row.open_medium),
            low: count(row.open_low),
        },
    });
    Ok(figures.collect())
}
