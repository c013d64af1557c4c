//! The check catalogue beside what each check concluded.

use std::collections::HashMap;

use analysis::catalogue::Catalogue;
use chrono::{DateTime, Utc};
use shared::checks::{CheckInfo, CheckResult, CheckRow};
use shared::ids::ClusterId;
use shared::page::AsOf;
use shared::verdict::Verdict;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, count};

/// All checks that there are with their results, which are the whole cluster's for every viewer.
///
/// # Errors
/// The database did not answer.
pub async fn list(
    db: &PgPool,
    _viewer: &Viewer,
    as_of: Option<&AsOf>,
    catalogue: &Catalogue,
) -> Result<Vec<CheckRow>, StoreError> {
    let mut results = match as_of {
        Some(as_of) => results(db, as_of.cluster, as_of.taken_at).await?,
        None => HashMap::new(),
    };
    let row = |info: CheckInfo| CheckRow {
        result: results.remove(&info.id),
        info,
    };
    Ok(catalogue.infos().map(row).collect())
}

async fn results(
    db: &PgPool,
    cluster: ClusterId,
    at: DateTime<Utc>,
) -> Result<HashMap<String, CheckResult>, StoreError> {
    let rows = sqlx::query!(
        "select check_id, verdict, reason, evaluated, failed from check_results
        where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
        cluster.0,
        at
    );
    let result = |row: CheckResult| (row.check.clone(), row);
    let rows = rows.fetch_all(db).await?.into_iter().map(|row| CheckResult {
        check: row.check_id,
        verdict: Verdict::parse(&row.verdict).unwrap_or(Verdict::NotEvaluated),
        reason: row.reason,
        evaluated: count(row.evaluated),
        failed: count(row.failed),
    });
    Ok(rows.map(result).collect())
}
