//! The nine areas of the overview.

use std::collections::HashMap;

use chrono::Duration;
use shared::overview::AreaRow;
use shared::page::AsOf;
use shared::score::{Score, SeverityCounts, VerdictCounts};
use shared::verdict::Area;
use sqlx::PgPool;

use crate::store::{StoreError, count, trends};

/// How far back the history goes.
const HISTORY: Duration = Duration::days(90);
/// The most values of it.
const MAX_VALUES: i32 = 90;

/// Each area as of an instant, beside its score at the start of the window.
pub(super) async fn list(db: &PgPool, as_of: &AsOf, before: Option<&AsOf>) -> Result<Vec<AreaRow>, StoreError> {
    let mut rows = now(db, as_of).await?;
    let before = match before {
        Some(before) => now(db, before).await?,
        None => HashMap::new(),
    };
    let mut histories = histories(db, as_of).await?;
    let row = |area: Area| {
        let (score, open) = rows.remove(area.as_str())?;
        let before = before.get(area.as_str()).and_then(|(score, _)| score.value);
        Some(AreaRow {
            area,
            score,
            before,
            open,
            history: histories.remove(area.as_str()).unwrap_or_default(),
        })
    };
    Ok(Area::ALL.into_iter().filter_map(row).collect())
}

/// Scores and open findings of each area in one snapshot.
async fn now(db: &PgPool, as_of: &AsOf) -> Result<HashMap<String, (Score, SeverityCounts)>, StoreError> {
    let rows = sqlx::query!(
        "select area, score_value, score_low, score_high, evidence,
            checks_pass, checks_fail, checks_manual, checks_not_evaluated, checks_excepted,
            open_critical, open_high, open_medium, open_low
        from snapshot_areas where cluster_id = $1 and snapshot_id = $2",
        as_of.cluster.0,
        as_of.snapshot.0
    );
    let rows = rows.fetch_all(db).await?.into_iter().map(|row| {
        let verdicts = VerdictCounts {
            pass: count(row.checks_pass),
            fail: count(row.checks_fail),
            manual: count(row.checks_manual),
            not_evaluated: count(row.checks_not_evaluated),
            excepted: count(row.checks_excepted),
        };
        let (low, high) = (row.score_low, row.score_high);
        let score = Score {
            value: row.score_value,
            low,
            high,
            evidence: row.evidence,
            verdicts,
        };
        let open = SeverityCounts {
            critical: count(row.open_critical),
            high: count(row.open_high),
            medium: count(row.open_medium),
            low: count(row.open_low),
        };
        (row.area, (score, open))
    });
    Ok(rows.collect())
}

/// The scores of each area, oldest first.
async fn histories(db: &PgPool, as_of: &AsOf) -> Result<HashMap<String, Vec<Option<f32>>>, StoreError> {
    let to = as_of.taken_at;
    let snapshots = trends::thinned(db, as_of.cluster, to - HISTORY, to, MAX_VALUES).await?;
    let rows = sqlx::query!(
        "select area, score_value from snapshot_areas where cluster_id = $1 and snapshot_id = any($2) order by snapshot_id",
        as_of.cluster.0,
        &snapshots
    );
    let mut histories: HashMap<String, Vec<Option<f32>>> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        histories.entry(row.area).or_default().push(row.score_value);
    }
    Ok(histories)
}
