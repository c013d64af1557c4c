//! A cluster that is watched: snapshots at start, on demand and periodically, with progress for whoever looks.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rand::Rng;
use shared::ids::ClusterId;
use shared::snapshots::Progress;
use sqlx::PgPool;
use tokio::sync::{Notify, watch};

use crate::pipeline::{self, Origin};

/// One watched cluster.
#[derive(Debug)]
pub struct Watch {
    /// Its name, as configured.
    pub name: String,
    /// Its id; unknown until it is first reached.
    pub id: OnceLock<ClusterId>,
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
            id: OnceLock::new(),
            demand: Notify::new(),
            progress: watch::Sender::new(Progress::Idle),
        })
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
    pub async fn run(self: Arc<Self>, db: PgPool, origin: Origin, schedule: Schedule) {
        loop {
            self.take(&db, &origin, schedule.deadline).await;
            let jitter = rand::rng().random_range(0.0..0.1);
            tokio::select! {
                () = tokio::time::sleep(schedule.interval.mul_f64(1.0 + jitter)) => {}
                () = self.demand.notified() => {}
            }
        }
    }

    async fn take(&self, db: &PgPool, origin: &Origin, deadline: Duration) {
        let report = |progress| self.report(progress);
        match pipeline::snapshot(db, origin, deadline, &report).await {
            Ok((cluster, snapshot)) => {
                self.id.get_or_init(|| cluster);
                self.report(Progress::Done { snapshot });
            }
            Err(error) => {
                let reason = pipeline::explain(&error);
                tracing::warn!(cluster = %self.name, reason, "the snapshot failed");
                pipeline::store_failure(db, self.id.get().copied(), &reason).await;
                self.report(Progress::Failed { reason });
            }
        }
    }
}
