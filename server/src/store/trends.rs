//! Scores and counts over time, from the rollups that each snapshot leaves.

use chrono::{DateTime, Duration, Utc};
use shared::ids::ClusterId;
use shared::page::AsOf;
use shared::score::SeverityCounts;
use shared::trends::{Point, Trend, TrendQuery};
use shared::verdict::Area;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, count};

/// The most points of a trend.
const MAX_POINTS: i32 = 400;
/// How far back a trend goes where nothing is said.
const DEFAULT_DAYS: u32 = 90;

struct Row {
    taken_at: DateTime<Utc>,
    score_value: Option<f32>,
    score_low: f32,
    score_high: f32,
    evidence: f32,
    open_critical: i32,
    open_high: i32,
    open_medium: i32,
    open_low: i32,
}

impl From<Row> for Point {
    fn from(row: Row) -> Self {
        Self {
            at: row.taken_at,
            score: row.score_value,
            low: row.score_low,
            high: row.score_high,
            evidence: row.evidence,
            open: SeverityCounts {
                critical: count(row.open_critical),
                high: count(row.open_high),
                medium: count(row.open_medium),
                low: count(row.open_low),
            },
        }
    }
}

/// The trend of the whole, or of one area.
///
/// # Errors
/// The area is none or the days are out of range, or the database did not answer.
pub async fn get(db: &PgPool, _viewer: &Viewer, as_of: &AsOf, query: &TrendQuery) -> Result<Trend, StoreError> {
    let days = query.days.unwrap_or(DEFAULT_DAYS);
    if !(1..=366).contains(&days) {
        return Err(StoreError::BadQuery("A trend covers 1 to 366 days.".into()));
    }
    let from = as_of.taken_at - Duration::days(i64::from(days));
    let points = match query.area.as_deref().filter(|area| !area.is_empty()) {
        Some(area) => {
            let unknown = || StoreError::BadQuery(format!("There is no area {area:?}."));
            let area = Area::parse(area).ok_or_else(unknown)?;
            area_points(db, as_of, from, area).await?
        }
        None => points(db, as_of.cluster, from, as_of.taken_at, MAX_POINTS).await?,
    };
    Ok(Trend { points })
}

/// The points of the whole, oldest first, thinned out to that many.
pub(super) async fn points(
    db: &PgPool,
    cluster: ClusterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: i32,
) -> Result<Vec<Point>, StoreError> {
    let snapshots = thinned(db, cluster, from, to, most).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select taken_at, score_value, score_low as "score_low!", score_high as "score_high!", evidence as "evidence!",
            open_critical, open_high, open_medium, open_low
        from snapshots where cluster_id = $1 and snapshot_id = any($2) order by taken_at"#,
        cluster.0,
        &snapshots
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Point::from).collect())
}

async fn area_points(db: &PgPool, as_of: &AsOf, from: DateTime<Utc>, area: Area) -> Result<Vec<Point>, StoreError> {
    let snapshots = thinned(db, as_of.cluster, from, as_of.taken_at, MAX_POINTS).await?;
    let rows = sqlx::query_as!(
        Row,
        "select s.taken_at, a.score_value, a.score_low, a.score_high, a.evidence,
            a.open_critical, a.open_high, a.open_medium, a.open_low
        from snapshots s join snapshot_areas a using (cluster_id, snapshot_id)
        where s.cluster_id = $1 and s.snapshot_id = any($2) and a.area = $3 order by s.taken_at",
        as_of.cluster.0,
        &snapshots,
        area.as_str()
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Point::from).collect())
}

/// The good snapshots of a time; of more than `most`, the last of each equal stretch.
pub(super) async fn thinned(
    db: &PgPool,
    cluster: ClusterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: i32,
) -> Result<Vec<i64>, StoreError> {
    let snapshots = sqlx::query_scalar!(
        "select distinct on (stretch) snapshot_id from (
            select snapshot_id, taken_at, case when count(*) over () <= $4::integer
                then row_number() over (order by taken_at)
                else width_bucket(extract(epoch from taken_at), extract(epoch from $2::timestamptz),
                    extract(epoch from $3::timestamptz), $4 - 1) end as stretch
            from snapshots
            where cluster_id = $1 and outcome <> 'failed' and taken_at >= $2 and taken_at <= $3
        ) s order by stretch, taken_at desc",
        cluster.0,
        from,
        to,
        most
    );
    Ok(snapshots.fetch_all(db).await?)
}
