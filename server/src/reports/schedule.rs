//! Reports that are made without being asked for.

use std::sync::Arc;
use std::time::Duration;

use analysis::catalogue::Catalogue;
use chrono::{DateTime, TimeDelta, Utc};
use shared::clusters::Cluster;
use shared::frameworks::Framework;
use sqlx::PgPool;

use super::{ReportError, make};
use crate::custom_checks::CheckFiles;
use crate::explain::explain;
use crate::frameworks::Frameworks;
use crate::store::reports::{By, Made};
use crate::store::viewer::Viewer;
use crate::store::{clusters, reports, snapshots};

/// How often it is looked whether a report is due.
const TICK: Duration = Duration::from_secs(60);

/// When reports are due, and of what.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// How long after the snapshot of the one before.
    pub every: TimeDelta,
    /// The frameworks, by their ids.
    pub frameworks: Vec<String>,
}

/// Makes what is due, for every cluster that has a snapshot, until the task is dropped.
pub async fn run(db: PgPool, frameworks: Arc<Frameworks>, checks: Arc<CheckFiles>, schedule: Schedule) {
    loop {
        tokio::time::sleep(TICK).await;
        let catalogue = checks.catalogue();
        let wanted = schedule.frameworks.iter();
        let wanted = wanted.filter_map(|id| frameworks.by_id(id, &catalogue));
        for framework in wanted {
            if let Err(error) = make_due(&db, (&framework, &catalogue), schedule.every, Utc::now()).await {
                tracing::warn!(framework = framework.id, error = %explain(&error), "whether reports are due is not known");
            }
        }
    }
}

/// Makes the reports of a framework that are due at an instant. A cluster of which that fails holds up no other.
///
/// # Errors
/// The clusters can't be read.
pub async fn make_due(
    db: &PgPool,
    (framework, catalogue): (&Arc<Framework>, &Catalogue),
    every: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(), ReportError> {
    for cluster in clusters::list(db, &Viewer::All).await? {
        if let Err(error) = make_due_of(db, &cluster, (framework, catalogue), every, now).await {
            tracing::warn!(
                cluster = cluster.name,
                framework = framework.id,
                error = %explain(&error),
                "a report that is due was not made"
            );
        }
    }
    Ok(())
}

async fn make_due_of(
    db: &PgPool,
    cluster: &Cluster,
    (framework, catalogue): (&Arc<Framework>, &Catalogue),
    every: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(), ReportError> {
    let Some(as_of) = snapshots::at(db, &Viewer::All, cluster.id, now).await? else {
        return Ok(());
    };
    let last = reports::last_scheduled(db, cluster.id, &framework.id, now).await?;
    if last.is_none_or(|last| as_of.taken_at - last >= every) {
        let by = By::Schedule(every);
        let made = make(db, (framework, catalogue), &as_of, Made { at: now, by }).await?;
        tracing::info!(
            cluster = cluster.name,
            framework = framework.id,
            report = made.report.id,
            "a report was made"
        );
    }
    Ok(())
}
