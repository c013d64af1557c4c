//! What every handler can reach.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use shared::compliance::standing::Standing;
use shared::escalations::Escalations;
use shared::ids::ClusterId;
use shared::reports::ReportSchedule;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::fixes::Judged;
use super::kept::Kept;
use super::metrics::Metrics;
use super::models::Model;
use super::network::known::KnownNetwork;
use crate::custom_checks::CheckFiles;
use crate::frameworks::Frameworks;
use crate::settings::SettingsFile;
use crate::stop::Stop;
use crate::watch::Watch;

/// How many passwords are looked at at a time.
pub const SIGN_INS: usize = 2;

/// What every handler can reach; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database.
    pub db: PgPool,
    /// The clusters that this server watches.
    pub watches: Arc<[Arc<Watch>]>,
    /// Clusters as they were known, for questions.
    pub models: Arc<Kept<Model>>,
    /// How anyone could become administrator of them.
    pub escalations: Arc<Kept<Escalations>>,
    /// Who may connect to whom in them.
    pub networks: Arc<Kept<KnownNetwork>>,
    /// Them judged, with the fixes worked out.
    pub fixes: Arc<Kept<Judged>>,
    /// How they stand against each framework.
    pub standings: Arc<Kept<Vec<Standing>>>,
    /// The frameworks that clusters are held against.
    pub frameworks: Arc<Frameworks>,
    /// The reports that are made without being asked for.
    pub reports: Arc<ReportSchedule>,
    /// The user's own checks.
    pub checks: Arc<CheckFiles>,
    /// What the owner of the clusters decided.
    pub settings: Arc<SettingsFile>,
    /// Figures about ourselves.
    pub metrics: Arc<Metrics>,
    /// Told when the server stops.
    pub stop: Stop,
    /// The address under which browsers reach the server, where it was told: `https://plimsoll.example`.
    pub public_url: Option<String>,
    /// Passwords that are looked at at a time.
    pub sign_ins: Arc<Semaphore>,
}

impl AppState {
    /// The time by the server's clock: the only place where a request reads it.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// Whether browsers come by HTTPS: then cookies are for it only.
    pub fn has_https(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }

    /// What an answer rests on beside a snapshot: the frameworks, the checks and the settings that there are now.
    pub fn edition(&self) -> String {
        let catalogue = self.checks.catalogue();
        let release = catalogue.release(&self.settings.settings());
        format!("-{release}-{}", self.frameworks.edition())
    }

    /// The watch of a cluster; where no cluster is known yet, the first.
    pub fn watch(&self, cluster: Option<ClusterId>) -> Option<&Arc<Watch>> {
        match cluster {
            Some(id) => self.watches.iter().find(|watch| watch.id() == Some(id)),
            None => self.watches.first(),
        }
    }
}
