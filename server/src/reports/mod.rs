//! Making reports of what is stored, on demand and on schedule.

pub mod schedule;

use std::sync::Arc;

use analysis::catalogue::Catalogue;
use chrono::{DateTime, Duration, Utc};
use shared::clusters::Cluster;
use shared::frameworks::Framework;
use shared::page::AsOf;
use shared::reports::document::{Report, ReportCluster};
use shared::reports::{MadeReport, ReportFormat};
use shared::snapshots::SnapshotDetail;
use sqlx::PgPool;

use crate::report::weekly::{self, Before, Moment, Sources};
use crate::store::reports::{Files, Made, NewReport};
use crate::store::viewer::Viewer;
use crate::store::{StoreError, clusters, compliance, reports, snapshots};

/// How far back a report looks where no scheduled one came before it.
const WEEK: Duration = Duration::days(7);

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// What it rests on can't be read, or it can't be kept.
    #[error("the report can't be made of what is stored")]
    Store(#[source] StoreError),
    /// It could not be written: our mistake.
    #[error("the report could not be written")]
    Write(#[source] serde_json::Error),
    /// Writing broke off: our mistake.
    #[error("writing the report broke off")]
    BrokeOff(#[source] tokio::task::JoinError),
}

impl From<StoreError> for ReportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Makes the report of a snapshot, with its checks called as the catalogue has them, and keeps it; one that is there already is the
/// answer. It is compared with what the last scheduled report before it told of, and without one with the snapshot of a week
/// before, else with the first.
///
/// # Errors
/// The database did not answer.
pub async fn make(
    db: &PgPool,
    (framework, catalogue): (&Arc<Framework>, &Catalogue),
    as_of: &AsOf,
    made: Made<'_>,
) -> Result<MadeReport, ReportError> {
    if let Some(report) = reports::find(db, as_of, &framework.id, made.by).await? {
        return Ok(MadeReport { report, is_new: false });
    }
    let cluster = clusters::get(db, &Viewer::All, as_of.cluster).await?;
    let sources = sources(db, cluster, (framework, catalogue), as_of).await?;
    let since = sources.before.as_ref().map(|before| before.moment.taken_at);
    let (of, framework) = (framework.clone(), framework.clone());
    let written = tokio::task::spawn_blocking(move || written(&of, &sources)).await;
    let (report, files) = written.map_err(ReportError::BrokeOff)?.map_err(ReportError::Write)?;
    let new = NewReport {
        as_of: as_of.clone(),
        framework: framework.id.clone(),
        name: framework.name.clone(),
        since,
        score: report.score,
        files,
    };
    Ok(reports::keep(db, &new, made).await?)
}

fn written(framework: &Framework, sources: &Sources) -> serde_json::Result<(Report, Files)> {
    let report = weekly::report(framework, sources);
    let files = Files {
        html: weekly::write(&report, ReportFormat::Html)?,
        csv: weekly::write(&report, ReportFormat::Csv)?,
        json: weekly::write(&report, ReportFormat::Json)?,
    };
    Ok((report, files))
}

async fn sources(
    db: &PgPool,
    cluster: Cluster,
    (framework, catalogue): (&Framework, &Catalogue),
    as_of: &AsOf,
) -> Result<Sources, StoreError> {
    let (now, detail) = moment(db, as_of).await?;
    let version = snapshots::version(db, as_of).await?;
    Ok(Sources {
        cluster: ReportCluster {
            id: cluster.id,
            name: cluster.name,
            version,
        },
        now,
        kinds: detail.kinds,
        warnings: detail.warnings,
        before: before(db, framework, as_of).await?,
        catalogue: catalogue.clone(),
    })
}

async fn moment(db: &PgPool, as_of: &AsOf) -> Result<(Moment, SnapshotDetail), StoreError> {
    let detail = snapshots::get(db, &Viewer::All, as_of.cluster, as_of.snapshot).await?;
    let gone = || StoreError::NotFound(format!("There is no snapshot {}.", as_of.snapshot));
    let detail = detail.ok_or_else(gone)?;
    let moment = Moment {
        taken_at: as_of.taken_at,
        snapshot: Some(as_of.snapshot),
        catalogue: detail.row.catalogue.clone(),
        known: compliance::known(db, &Viewer::All, as_of).await?,
    };
    Ok((moment, detail))
}

/// What a report is compared with; none where its snapshot is the first.
async fn before(db: &PgPool, framework: &Framework, as_of: &AsOf) -> Result<Option<Before>, StoreError> {
    let reported = reports::last_scheduled(db, as_of.cluster, &framework.id, as_of.taken_at).await?;
    let then = match reported {
        Some(at) => snapshots::at(db, &Viewer::All, as_of.cluster, at).await?,
        None => a_week_before(db, as_of).await?,
    };
    let Some(then) = then.filter(|then| then.taken_at < as_of.taken_at) else {
        return Ok(None);
    };
    Ok(Some(Before {
        moment: moment(db, &then).await?.0,
        causes: compliance::causes(db, &Viewer::All, &then, as_of).await?,
        follows_report: reported.is_some(),
    }))
}

async fn a_week_before(db: &PgPool, as_of: &AsOf) -> Result<Option<AsOf>, StoreError> {
    let at = async |at: DateTime<Utc>| snapshots::at(db, &Viewer::All, as_of.cluster, at).await;
    match at(as_of.taken_at - WEEK).await? {
        Some(then) => Ok(Some(then)),
        None => at(compliance::beginning(db, as_of).await?).await,
    }
}
