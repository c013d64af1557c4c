//! How far network policies covered a cluster, from the figures that each snapshot leaves.

use chrono::{DateTime, Duration, Utc};
use shared::network::coverage::{Closed, Figures, Pairs};
use shared::network::history::{CoverageHistory, CoveragePoint};
use shared::page::AsOf;
use sqlx::PgPool;

use super::viewer::Viewer;
use super::{StoreError, count, total, trends};

/// How far back it goes.
const WINDOW: Duration = Duration::days(90);
/// The most points: one a day, and the last.
const MOST: i32 = 91;

/// Of a snapshot without figures all but the first are null.
struct Row {
    taken_at: DateTime<Utc>,
    pods: Option<i32>,
    pods_ingress: Option<i32>,
    pods_egress: Option<i32>,
    namespaces: Option<i32>,
    namespaces_ingress: Option<i32>,
    namespaces_egress: Option<i32>,
    pairs: Option<i64>,
    pairs_open: Option<i64>,
    pairs_part: Option<i64>,
    open_ports: Option<f64>,
}

impl Row {
    fn figures(&self) -> Option<Figures> {
        let closed = |pods: Option<i32>, namespaces: Option<i32>| {
            Some(Closed {
                pods: count(pods?),
                namespaces: count(namespaces?),
            })
        };
        Some(Figures {
            pods: count(self.pods?),
            namespaces: count(self.namespaces?),
            ingress: closed(self.pods_ingress, self.namespaces_ingress)?,
            egress: closed(self.pods_egress, self.namespaces_egress)?,
            pairs: Pairs {
                all: total(self.pairs?),
                open: total(self.pairs_open?),
                part: total(self.pairs_part?),
                open_ports: self.open_ports,
            },
        })
    }
}

/// The course of it, oldest first, up to the snapshot that the answer rests on.
///
/// # Errors
/// The database did not answer.
pub async fn history(db: &PgPool, _viewer: &Viewer, as_of: &AsOf) -> Result<CoverageHistory, StoreError> {
    let snapshots = trends::thinned(db, as_of.cluster, as_of.taken_at - WINDOW, as_of.taken_at, MOST).await?;
    let rows = sqlx::query_as!(
        Row,
        r#"select s.taken_at, n.pods as "pods?", n.pods_ingress as "pods_ingress?", n.pods_egress as "pods_egress?",
            n.namespaces as "namespaces?", n.namespaces_ingress as "namespaces_ingress?",
            n.namespaces_egress as "namespaces_egress?", n.pairs as "pairs?", n.pairs_open as "pairs_open?",
            n.pairs_part as "pairs_part?", n.open_ports
        from snapshots s left join snapshot_network n using (cluster_id, snapshot_id)
        where s.cluster_id = $1 and s.snapshot_id = any($2) order by s.taken_at"#,
        as_of.cluster.0,
        &snapshots
    );
    let points = rows.fetch_all(db).await?.into_iter().map(|row| CoveragePoint {
        taken_at: row.taken_at,
        figures: row.figures(),
    });
    Ok(CoverageHistory {
        points: points.collect(),
    })
}
