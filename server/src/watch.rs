//! A cluster that is watched: snapshots at start, on demand and periodically, with progress for whoever looks.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::Rng;
use shared::ids::ClusterId;
use shared::snapshots::Progress;
use sqlx::PgPool;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::custom_checks::CheckFiles;
use crate::explain::explain;
use crate::pipeline::{self, Origin};
use crate::settings::SettingsFile;

/// One watched cluster.
#[derive(Debug)]
pub struct Watch {
    /// Its name, as configured.
    pub name: String,
    id: Mutex<Option<ClusterId>>,
    demand: Notify,
    progress: watch::Sender<Progress>,
}

/// When snapshots are taken.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Time between the starts of two snapshots; up to a tenth is added at random, so that many servers don't ask at once.
    pub interval: Duration,
    /// How long one may take.
    pub deadline: Duration,
}

impl Watch {
    /// A cluster of that name, of which nothing is known yet.
    pub fn new(name: impl Into<String>) -> Arc<Self> {
        let name = name.into();
        Arc::new(Self {
            name,
            id: Mutex::new(None),
            demand: Notify::new(),
            progress: watch::Sender::new(Progress::Idle),
        })
    }

    /// Which cluster it is; unknown until it is reached, unless it was watched before.
    pub fn id(&self) -> Option<ClusterId> {
        *self.id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says which cluster it is. It may become another: the same context can lead elsewhere tomorrow.
    pub fn identify(&self, id: ClusterId) {
        *self.id.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
    }

    /// Asks for a snapshot now. While one is on its way another follows it, at most one.
    pub fn demand(&self) {
        self.demand.notify_one();
    }

    /// What is being done now, and every change of it.
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Says what is being done.
    pub fn report(&self, progress: Progress) {
        self.progress.send_replace(progress);
    }

    /// Takes snapshots until the task is dropped.
    pub async fn run(
        self: Arc<Self>,
        db: PgPool,
        origin: Origin,
        (checks, settings): (Arc<CheckFiles>, Arc<SettingsFile>),
        schedule: Schedule,
    ) {
        loop {
            let begun = Instant::now();
            self.take(&db, &origin, (&checks, &settings), schedule.deadline).await;
            let jitter = rand::rng().random_range(0.0..0.1);
            tokio::select! {
                () = tokio::time::sleep_until(begun + schedule.interval.mul_f64(1.0 + jitter)) => {}
                () = self.demand.notified() => {}
            }
        }
    }

    async fn take(
        &self,
        db: &PgPool,
        origin: &Origin,
        rules: (&Arc<CheckFiles>, &Arc<SettingsFile>),
        deadline: Duration,
    ) {
        let report = |progress| self.report(progress);
        match pipeline::snapshot(db, origin, rules, deadline, &report).await {
            Ok((cluster, snapshot)) => {
                self.identify(cluster);
                self.report(Progress::Done { snapshot });
            }
            Err(error) => {
                let reason = explain(&error);
                tracing::warn!(cluster = %self.name, reason, "the snapshot failed");
                pipeline::store_failure(db, self.id(), &reason).await;
                self.report(Progress::Failed { reason });
            }
        }
    }
}
