//! What every handler can reach.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::ids::ClusterId;
use sqlx::PgPool;

use super::fixes::FixCache;
use super::metrics::Metrics;
use crate::stop::Stop;
use crate::watch::Watch;

/// What every handler can reach; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub db: PgPool,
    /// The clusters that this server watches.
    pub watches: Arc<[Arc<Watch>]>,
    /// Fixes already worked out.
    pub fixes: Arc<FixCache>,
    /// Figures about ourselves.
    pub metrics: Arc<Metrics>,
    /// Told when the server stops.
    pub stop: Stop,
    /// Whether cookies are for HTTPS only: the public address begins so.
    pub secure_cookies: bool,
}

impl AppState {
    /// The time by the server's clock: the only place where a request reads it.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// The watch of a cluster; where no cluster is known yet, the first.
    pub fn watch(&self, cluster: Option<ClusterId>) -> Option<&Arc<Watch>> {
        match cluster {
            Some(id) => self.watches.iter().find(|watch| watch.id() == Some(id)),
            None => self.watches.first(),
        }
    }
}
