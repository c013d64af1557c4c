//! The flow, on one screen: collect, analyse, store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use analysis::catalogue::Catalogue;
use analysis::checks::CHECKS;
use analysis::cluster::Cluster;
use analysis::model::kind::DecodeError;
use analysis::network::coverage;
use analysis::settings::Settings;
use chrono::{DateTime, Utc};
use shared::ids::{ClusterId, SnapshotId};
use shared::network::coverage::Figures;
use shared::snapshots::Progress;
use sqlx::PgPool;

use crate::collect::live::Limits;
use crate::collect::probes::Probing;
use crate::collect::target::{self, Target};
use crate::collect::{self, CollectError, Collection, OnProgress};
use crate::custom_checks::CheckFiles;
use crate::demo::{self, Demo};
use crate::settings::SettingsFile;
use crate::store::StoreError;
use crate::store::snapshots::{self, NewSnapshot};

/// Where a cluster's objects come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// Its API server.
    Live {
        /// Which one.
        target: Target,
        /// What is called beside it.
        probing: Probing,
    },
    /// Manifests.
    Files {
        /// Files and folders.
        paths: Vec<PathBuf>,
        /// What the cluster is called.
        name: String,
    },
    /// The simulation, as it stands on its last day.
    Demo,
}

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// Nothing could be read.
    #[error("nothing could be read")]
    Collect(#[source] CollectError),
    /// The demo emitted an object that does not decode: our mistake.
    #[error("the demo is wrong")]
    Demo(#[source] DecodeError),
    /// The analysis broke off: our mistake.
    #[error("the analysis broke off")]
    Analyse(#[source] tokio::task::JoinError),
    /// It could not be stored.
    #[error("it could not be stored")]
    Store(#[source] StoreError),
}

/// Takes one snapshot, judged by the checks of this release and those that are in files now, and by the settings as they are now.
///
/// # Errors
/// Nothing could be read, or nothing stored; the snapshot before stays as it is.
pub async fn snapshot(
    db: &PgPool,
    origin: &Origin,
    (checks, settings): (&Arc<CheckFiles>, &Arc<SettingsFile>),
    deadline: Duration,
    progress: OnProgress<'_>,
) -> Result<(ClusterId, SnapshotId), PipelineError> {
    let started = Instant::now();
    let mut collection = collect(origin, deadline, progress).await?;
    let (checks, settings) = (Arc::clone(checks), Arc::clone(settings));
    let refreshed = tokio::task::spawn_blocking(move || (checks.refresh(), settings.refresh())).await;
    let ((catalogue, of_checks), (settings, of_settings)) = refreshed.map_err(PipelineError::Analyse)?;
    collection.warnings.extend(of_checks.into_iter().chain(of_settings));
    // From now on it is known; while it was being read it was not.
    keep(db, (catalogue, settings), collection, Utc::now(), started, progress).await
}

/// Judges what was collected, and stores it.
///
/// # Errors
/// It could not be stored.
pub async fn keep(
    db: &PgPool,
    (catalogue, settings): (Catalogue, Settings),
    collection: Collection,
    taken_at: DateTime<Utc>,
    started: Instant,
    progress: OnProgress<'_>,
) -> Result<(ClusterId, SnapshotId), PipelineError> {
    progress(Progress::Analysing);
    let judge = move || judge((&catalogue, &settings), collection, taken_at);
    let new = tokio::task::spawn_blocking(judge)
        .await
        .map_err(PipelineError::Analyse)?;
    progress(Progress::Storing);
    let id = snapshots::store(db, &new, started.elapsed())
        .await
        .map_err(PipelineError::Store)?;
    Ok((new.cluster, id))
}

/// Judges what was collected.
pub fn judge(
    (catalogue, settings): (&Catalogue, &Settings),
    collection: Collection,
    taken_at: DateTime<Utc>,
) -> NewSnapshot {
    let cluster = Cluster::with(&collection.snapshot, taken_at, settings);
    let report = analysis::run_on(CHECKS, catalogue, &cluster);
    // The checks had the network evaluated, and this asks the same.
    let network = coverage::of(&cluster).ok().map(|coverage| Figures::from(&coverage));
    drop(cluster);
    NewSnapshot {
        cluster: collection.id,
        name: collection.name,
        source: collection.source,
        taken_at,
        snapshot: Arc::new(collection.snapshot),
        report: Arc::new(report),
        network,
        warnings: collection.warnings,
        catalogue: catalogue.release(settings),
        model: analysis::model::RELEASE,
    }
}

async fn collect(origin: &Origin, deadline: Duration, progress: OnProgress<'_>) -> Result<Collection, PipelineError> {
    match origin {
        Origin::Live { target, probing } => {
            let connection = target::connect_within(target, deadline)
                .await
                .map_err(PipelineError::Collect)?;
            let limits = Limits {
                deadline,
                probing: probing.clone(),
                ..Limits::default()
            };
            collect::live::collect(&connection, &limits, progress)
                .await
                .map_err(PipelineError::Collect)
        }
        Origin::Files { paths, name } => {
            let (paths, name) = (paths.clone(), name.clone());
            let read = move || collect::files::collect(&paths, &name, std::io::empty());
            let read = tokio::task::spawn_blocking(read)
                .await
                .map_err(PipelineError::Analyse)?;
            read.map_err(PipelineError::Collect)
        }
        Origin::Demo => demo::collection(Utc::now()).map_err(PipelineError::Demo),
    }
}

/// Sends the demo's days, from `first` to the last, which lies at `end`, through the same steps as any other cluster's.
///
/// # Errors
/// A day could not be stored.
pub async fn seed_demo(
    db: &PgPool,
    first: u32,
    end: DateTime<Utc>,
    on_day: &(dyn Fn(u32) + Send + Sync),
) -> Result<(), PipelineError> {
    let mut demo = Demo::new(end);
    for number in first..=demo::LAST_DAY {
        let started = Instant::now();
        let day = demo.advance(number).map_err(PipelineError::Demo)?;
        let collected = demo::collected(day.snapshot);
        let rules = (Catalogue::default(), Settings::default());
        keep(db, rules, collected, day.at, started, &|_| {}).await?;
        on_day(number);
    }
    Ok(())
}

/// Keeps on record that there is no snapshot, and why; of a cluster that was never reached nothing is known yet.
pub async fn store_failure(db: &PgPool, cluster: Option<ClusterId>, reason: &str) {
    let Some(cluster) = cluster else { return };
    if let Err(error) = snapshots::fail(db, cluster, Utc::now(), reason).await {
        tracing::error!(%error, "a failed snapshot could not be recorded");
    }
}
