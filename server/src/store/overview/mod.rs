//! The overview: how deep the cluster sits, how that has changed, and what moved it.

mod areas;
mod flags;

use chrono::{DateTime, Duration, Utc};
use shared::changes::ChangeQuery;
use shared::clusters::Cluster;
use shared::overview::{Before, Movement, Overview, Size};
use shared::page::AsOf;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, changes, clusters, count, snapshots, trends};

/// How far back the history goes.
const HISTORY: Duration = Duration::days(90);
/// The most points of it.
const MAX_POINTS: i32 = 180;
/// How many of the latest changes are shown.
const LATEST: u32 = 5;

/// The overview as of an instant, compared with a `window` before it; without the fixes, which need the model.
///
/// # Errors
/// There is no such snapshot, or the database did not answer.
pub async fn get(db: &PgPool, viewer: &Viewer, as_of: &AsOf, window: Duration) -> Result<Overview, StoreError> {
    let none = || StoreError::NotFound(format!("There is no snapshot {}.", as_of.snapshot));
    let detail = snapshots::get(db, viewer, as_of.cluster, as_of.snapshot)
        .await?
        .ok_or_else(none)?;
    let since = as_of.taken_at - window;
    let before = snapshots::at(db, viewer, as_of.cluster, since).await?;
    let history = trends::points(db, as_of.cluster, as_of.taken_at - HISTORY, as_of.taken_at, MAX_POINTS).await?;
    // The cluster may have been upgraded since.
    let version = snapshots::version(db, as_of).await?;
    let cluster = clusters::get(db, viewer, as_of.cluster).await?;
    Ok(Overview {
        cluster: Some(Cluster { version, ..cluster }),
        size: size(db, as_of).await?,
        score: detail.row.score.ok_or_else(none)?,
        open: detail.row.open,
        before: state_before(db, viewer, before.as_ref()).await?,
        flags: flags::of(db, viewer, as_of, &history).await?,
        history,
        fixes: Vec::new(),
        fixes_total: 0,
        areas: areas::list(db, as_of, before.as_ref()).await?,
        movement: movement(db, viewer, as_of, since).await?,
        kinds: detail.kinds,
    })
}

async fn size(db: &PgPool, as_of: &AsOf) -> Result<Size, StoreError> {
    let row = sqlx::query!(
        "select namespaces, workloads, pods, nodes from snapshots where cluster_id = $1 and snapshot_id = $2",
        as_of.cluster.0,
        as_of.snapshot.0
    );
    let row = row.fetch_one(db).await?;
    Ok(Size {
        namespaces: count(row.namespaces),
        workloads: count(row.workloads),
        pods: count(row.pods),
        nodes: count(row.nodes),
    })
}

async fn state_before(db: &PgPool, viewer: &Viewer, before: Option<&AsOf>) -> Result<Option<Before>, StoreError> {
    let Some(before) = before else { return Ok(None) };
    let detail = snapshots::get(db, viewer, before.cluster, before.snapshot).await?;
    Ok(detail.map(|detail| Before {
        at: before.taken_at,
        score: detail.row.score.and_then(|score| score.value),
        open: detail.row.open,
    }))
}

/// How findings moved, each counted once whatever it did in between: what was open, less what is gone, with what is new
/// or back, is what is open.
async fn movement(db: &PgPool, viewer: &Viewer, as_of: &AsOf, since: DateTime<Utc>) -> Result<Movement, StoreError> {
    let row = sqlx::query!(
        r#"with moved as (
            select finding_id, min(first_seen) as first_seen,
                bool_or(valid_from <= $3 and (valid_to is null or valid_to > $3)) as was_open,
                bool_or(valid_from <= $2 and (valid_to is null or valid_to > $2)) as is_open
            from findings
            where cluster_id = $1 and valid_from <= $2 and (valid_to is null or valid_to > $3)
                and ($4::text[] is null or namespace = any($4))
            group by finding_id
        )
        select count(*) filter (where was_open) as "open_before!", count(*) filter (where is_open) as "open_now!",
            count(*) filter (where was_open and not is_open) as "fixed!",
            count(*) filter (where is_open and not was_open and first_seen > $3) as "new!",
            count(*) filter (where is_open and not was_open and first_seen <= $3) as "reopened!"
        from moved"#,
        as_of.cluster.0,
        as_of.taken_at,
        since,
        viewer.namespaces()
    );
    let row = row.fetch_one(db).await?;
    let number = |count: i64| u32::try_from(count).unwrap_or_default();
    let query = ChangeQuery {
        since: Some(since),
        of: Some("findings".into()),
        limit: Some(LATEST),
        ..ChangeQuery::default()
    };
    Ok(Movement {
        since,
        open_before: number(row.open_before),
        new: number(row.new),
        reopened: number(row.reopened),
        fixed: number(row.fixed),
        open_now: number(row.open_now),
        latest: changes::list(db, viewer, as_of, &query).await?.items,
    })
}
