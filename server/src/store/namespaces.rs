//! What is kept of namespaces besides the model: findings in each, and since when one is known.

use std::collections::HashMap;

use analysis::model::Kind;
use chrono::{DateTime, Utc};
use shared::page::AsOf;
use shared::score::SeverityCounts;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, severity};

/// Open findings on what is in each namespace, or in one.
///
/// # Errors
/// The database did not answer.
pub async fn open(
    db: &PgPool,
    viewer: &Viewer,
    as_of: &AsOf,
    only: Option<&str>,
) -> Result<HashMap<String, SeverityCounts>, StoreError> {
    let rows = sqlx::query!(
        r#"select namespace, severity, count(*) as "count!" from findings
        where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2) and namespace <> ''
            and ($3::text[] is null or namespace = any($3)) and ($4::text is null or namespace = $4)
        group by namespace, severity"#,
        as_of.cluster.0,
        as_of.taken_at,
        viewer.namespaces(),
        only
    );
    let mut open: HashMap<String, SeverityCounts> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let counts = open.entry(row.namespace).or_default();
        *counts.of_mut(severity(row.severity)) += u32::try_from(row.count).unwrap_or(u32::MAX);
    }
    Ok(open)
}

/// Since when a namespace is known, and when it went where it is there no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The first snapshot that saw it.
    pub since: DateTime<Utc>,
    /// The snapshot that saw it gone.
    pub gone: Option<DateTime<Utc>>,
}

/// What is known of the past of a namespace; nothing where it was never seen.
///
/// # Errors
/// The database did not answer.
pub async fn known(db: &PgPool, viewer: &Viewer, as_of: &AsOf, name: &str) -> Result<Option<Known>, StoreError> {
    let info = Kind::Namespace.info();
    let row = sqlx::query!(
        r#"select min(valid_from) as since,
            case when bool_and(coalesce(valid_to <= $2, false)) then max(valid_to) end as gone
        from objects
        where cluster_id = $1 and api_group = $3 and kind = $4 and namespace = '' and name = $5 and valid_from <= $2
            and ($6::text[] is null or name = any($6))"#,
        as_of.cluster.0,
        as_of.taken_at,
        info.group,
        info.kind,
        name,
        viewer.namespaces()
    );
    let row = row.fetch_one(db).await?;
    Ok(row.since.map(|since| Known { since, gone: row.gone }))
}
