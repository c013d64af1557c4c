//! What quotas were at earlier snapshots.

use analysis::model::{Kind, Object};
use analysis::quotas::past::Stood;
use chrono::{DateTime, Duration, Utc};
use shared::page::AsOf;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, trends};

/// How far back a trend goes.
const WINDOW: Duration = Duration::days(90);

struct Row {
    namespace: String,
    name: String,
    body: Vec<u8>,
    at: Vec<DateTime<Utc>>,
}

/// Which quotas.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which<'a> {
    /// Those of one namespace; of all, where there is none.
    pub namespace: Option<&'a str>,
    /// The one of this name; any, where there is none.
    pub name: Option<&'a str>,
}

/// Each quota as it stood at the snapshots of the 90 days before, thinned out to `most` of them. Of a quota that changed seldom its
/// body is read as seldom.
///
/// # Errors
/// The database did not answer, or holds what can't be decoded.
pub async fn past(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    which: Which<'_>,
    most: i32,
) -> Result<Vec<Vec<Stood>>, StoreError> {
    let snapshots = trends::thinned(db, as_of.cluster, as_of.taken_at - WINDOW, as_of.taken_at, most).await?;
    let info = Kind::ResourceQuota.info();
    let rows = sqlx::query_as!(
        Row,
        r#"select o.namespace, o.name, b.body, array_agg(s.taken_at order by s.taken_at) as "at!"
        from snapshots s
        join objects o on o.cluster_id = s.cluster_id and o.valid_from <= s.taken_at
            and (o.valid_to is null or o.valid_to > s.taken_at)
        join bodies b on b.cluster_id = o.cluster_id and b.hash = o.hash
        where s.cluster_id = $1 and s.snapshot_id = any($2) and o.api_group = $3 and o.kind = $4
            and ($5::text[] is null or o.namespace = any($5))
            and ($6::text is null or o.namespace = $6) and ($7::text is null or o.name = $7)
        group by o.namespace, o.name, o.valid_from, b.body
        order by o.namespace, o.name, o.valid_from"#,
        as_of.cluster.0,
        &snapshots,
        info.group,
        info.kind,
        viewer.namespaces(),
        which.namespace,
        which.name
    );
    let rows = rows.fetch_all(db).await?;
    let decoded = tokio::task::spawn_blocking(move || decoded(&rows)).await;
    decoded.map_err(|error| StoreError::Corrupt(error.to_string()))?
}

fn decoded(rows: &[Row]) -> Result<Vec<Vec<Stood>>, StoreError> {
    rows.chunk_by(|one, next| (&one.namespace, &one.name) == (&next.namespace, &next.name))
        .map(|rows| rows.iter().map(stood).collect())
        .collect()
}

fn stood(row: &Row) -> Result<Stood, StoreError> {
    let corrupt = |error: String| StoreError::Corrupt(error);
    match Object::from_protobuf(Kind::ResourceQuota, &row.body).map_err(|error| corrupt(error.to_string()))? {
        Object::ResourceQuota(quota) => Ok(Stood {
            at: row.at.clone(),
            quota: *quota,
        }),
        other => Err(corrupt(format!("{} is stored as a quota", other.reference()))),
    }
}
