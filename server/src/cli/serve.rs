//! `plimsoll serve`.

mod reporting;

use std::io::{IsTerminal, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, Days, Utc};
use shared::clusters::{Cluster, Source};
use shared::snapshots::{Progress, SnapshotQuery};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::database::DatabaseArgs;
use super::own_checks::OwnChecks;
use super::probing::ProbingArgs;
use super::settings::SettingsArgs;
use crate::api::{
    self,
    state::{AppState, SIGN_INS},
};
use crate::auth::link;
use crate::collect::CollectError;
use crate::collect::target::Target;
use crate::custom_checks::CheckFiles;
use crate::frameworks::Frameworks;
use crate::pipeline::{self, Origin};
use crate::settings::SettingsFile;
use crate::stop::{self, Stop};
use crate::store::{clusters, snapshots, users, viewer::Viewer};
use crate::watch::{Schedule, Watch};
use crate::{demo, logging};
use reporting::Reporting;

/// How long requests may go on once the server stops.
const DRAIN: Duration = Duration::from_secs(5);

/// Watch clusters, keep their history, and serve the page and the API.
///
/// Without --context, --manifests and --demo it watches the current context of the kubeconfig, or the cluster that it
/// runs in; where there is neither, the demo cluster.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Where to listen.
    #[arg(long, env = "PLIMSOLL_LISTEN", default_value = "127.0.0.1:8420")]
    listen: SocketAddr,
    /// The address under which browsers reach the server; with https, cookies are for HTTPS only.
    #[arg(long, env = "PLIMSOLL_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Serve /metrics without a token on an address of its own.
    #[arg(long, env = "PLIMSOLL_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    /// A context of the kubeconfig to watch. May be given several times.
    #[arg(long = "context", env = "PLIMSOLL_CONTEXT", value_name = "CONTEXT")]
    contexts: Vec<String>,
    /// Watch manifests: files and folders.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    manifests: Vec<PathBuf>,
    /// Watch the demo cluster.
    #[arg(long, conflicts_with_all = ["contexts", "manifests"])]
    demo: bool,
    #[command(flatten)]
    own_checks: OwnChecks,
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(flatten)]
    probing: ProbingArgs,
    /// Minutes between the starts of two snapshots of a cluster.
    #[arg(long, env = "PLIMSOLL_INTERVAL", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=10080))]
    interval: u64,
    /// How long a snapshot may take, in seconds.
    #[arg(long, env = "PLIMSOLL_DEADLINE", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3600))]
    deadline: u64,
    #[command(flatten)]
    reporting: Reporting,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        logging::start();
        let origins = self.origins()?;
        let (checks, settings) = (Arc::new(self.own_checks.open()?), Arc::new(self.settings.open()?));
        let frameworks = self.reporting.frameworks(&checks.catalogue())?;
        let database = self.database.serve().await?;
        let listener = TcpListener::bind(self.listen).await;
        let listener = listener.with_context(|| format!("{} can't be listened on", self.listen))?;
        let address = self.address(&listener)?;
        greet(&database.pool, &address).await?;
        let watches: Vec<_> = origins.iter().map(|origin| Watch::new(name(origin))).collect();
        recognise(&database.pool, &origins, &watches).await?;
        let stop = stop::on_signal();
        let state = self.state(
            &database.pool,
            &watches,
            frameworks.clone(),
            (checks.clone(), settings.clone()),
            stop.clone(),
        );
        let work = tokio::spawn(watch_all(
            database.pool.clone(),
            origins,
            watches,
            (checks.clone(), settings),
            self.schedule(),
        ));
        let reporting = tokio::spawn(self.reporting.run(database.pool.clone(), frameworks, checks));
        self.serve_metrics(state.clone()).await?;
        let served = axum::serve(listener, api::router(state)).with_graceful_shutdown(stop.clone().wait());
        tokio::select! {
            served = served => served?,
            () = drained(stop) => tracing::warn!("requests that are still open are cut off"),
        }
        work.abort();
        reporting.abort();
        database.stop().await;
        Ok(ExitCode::SUCCESS)
    }

    fn origins(&self) -> anyhow::Result<Vec<Origin>> {
        let mut origins = if self.demo { vec![Origin::Demo] } else { Vec::new() };
        for context in &self.contexts {
            origins.push(self.live(Target::infer(Some(context))?));
        }
        if !self.manifests.is_empty() {
            origins.push(Origin::Files {
                paths: self.manifests.clone(),
                name: "manifests".into(),
            });
        }
        if origins.is_empty() {
            origins.push(match Target::infer(None) {
                Ok(target) => self.live(target),
                Err(CollectError::NoCluster) => Origin::Demo,
                Err(error) => return Err(error.into()),
            });
        }
        let is_live = |origin: &&Origin| matches!(origin, Origin::Live { .. });
        if !self.probing.probing().endpoints.is_empty() && origins.iter().filter(is_live).count() > 1 {
            anyhow::bail!("--probe does not tell to which of the clusters a server belongs: watch one only");
        }
        for origin in &origins {
            match origin {
                Origin::Live { target, .. } => println!("Watching {target}."),
                Origin::Files { paths, .. } => println!("Watching {} paths of manifests.", paths.len()),
                Origin::Demo if self.demo => println!("Watching the demo cluster."),
                Origin::Demo => println!("There is no kubeconfig: watching the demo cluster."),
            }
        }
        Ok(origins)
    }

    fn live(&self, target: Target) -> Origin {
        Origin::Live {
            target,
            probing: self.probing.probing(),
        }
    }

    fn schedule(&self) -> Schedule {
        Schedule {
            interval: Duration::from_secs(60 * self.interval),
            deadline: Duration::from_secs(self.deadline),
        }
    }

    fn address(&self, listener: &TcpListener) -> anyhow::Result<String> {
        match &self.public_url {
            Some(url) => Ok(url.trim_end_matches('/').to_owned()),
            None => {
                let mut address = listener.local_addr()?;
                if address.ip().is_unspecified() {
                    // All addresses of the machine, of which this one is always there.
                    address.set_ip(Ipv4Addr::LOCALHOST.into());
                }
                Ok(format!("http://{address}"))
            }
        }
    }

    fn state(
        &self,
        db: &PgPool,
        watches: &[Arc<Watch>],
        frameworks: Arc<Frameworks>,
        (checks, settings): (Arc<CheckFiles>, Arc<SettingsFile>),
        stop: Stop,
    ) -> AppState {
        AppState {
            db: db.clone(),
            watches: watches.into(),
            models: Arc::default(),
            escalations: Arc::default(),
            standings: Arc::default(),
            networks: Arc::default(),
            fixes: Arc::default(),
            frameworks,
            reports: Arc::new(self.reporting.schedule()),
            checks,
            settings,
            metrics: Arc::default(),
            stop,
            public_url: self
                .public_url
                .as_deref()
                .map(|url| url.trim_end_matches('/').to_owned()),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS)),
        }
    }

    async fn serve_metrics(&self, state: AppState) -> anyhow::Result<()> {
        let Some(address) = self.metrics_listen else {
            return Ok(());
        };
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("{address} can't be listened on"))?;
        tokio::spawn(async move { axum::serve(listener, api::metrics::open_router(state)).await });
        Ok(())
    }
}

/// Finds the clusters that were watched before: should their first snapshot fail now, that is kept on record too.
async fn recognise(db: &PgPool, origins: &[Origin], watches: &[Arc<Watch>]) -> anyhow::Result<()> {
    let known = clusters::list(db, &Viewer::All).await?;
    for (origin, watch) in origins.iter().zip(watches) {
        let is_it = |cluster: &&Cluster| cluster.name == watch.name && cluster.source == source(origin);
        if let Some(cluster) = known.iter().find(is_it) {
            watch.identify(cluster.id);
        }
    }
    Ok(())
}

fn source(origin: &Origin) -> Source {
    match origin {
        Origin::Live { .. } => Source::Live,
        Origin::Files { .. } => Source::Files,
        Origin::Demo => Source::Demo,
    }
}

fn name(origin: &Origin) -> String {
    match origin {
        Origin::Live { target, .. } => target.name().to_owned(),
        Origin::Files { name, .. } => name.clone(),
        Origin::Demo => demo::NAME.into(),
    }
}

/// Says where the page is, and, as long as nobody has a password, how to come in.
async fn greet(db: &PgPool, address: &str) -> anyhow::Result<()> {
    println!("Plimsoll is at {address}");
    if !users::any_has_password(db).await? {
        let path = link::add_user(db, "first start", "admin", true, Utc::now()).await?;
        println!("Sign in once, within 24 hours, at {address}{path}");
    }
    println!("More users: plimsoll user add NAME");
    Ok(())
}

async fn watch_all(
    db: PgPool,
    origins: Vec<Origin>,
    watches: Vec<Arc<Watch>>,
    rules: (Arc<CheckFiles>, Arc<SettingsFile>),
    schedule: Schedule,
) {
    let mut tasks = tokio::task::JoinSet::new();
    for (origin, watch) in origins.into_iter().zip(watches) {
        let (db, rules) = (db.clone(), rules.clone());
        tasks.spawn(async move {
            if matches!(origin, Origin::Demo)
                && let Err(error) = seed_demo(&db, &watch).await
            {
                tracing::error!(error = %format!("{error:#}"), "the demo could not be seeded");
            }
            watch.run(db, origin, rules, schedule).await;
        });
    }
    tasks.join_all().await;
}

/// Sends each of the demo's days through the pipeline, but those that are there already.
async fn seed_demo(db: &PgPool, watch: &Watch) -> anyhow::Result<()> {
    let Some((first, end)) = missing_days(db).await? else {
        return Ok(());
    };
    let (start, show) = (Instant::now(), std::io::stdout().is_terminal());
    let on_day = |day| {
        watch.report(Progress::Collecting {
            kinds_done: day,
            kinds_total: demo::LAST_DAY,
            objects: 0,
        });
        if show {
            print!("\rSimulating 90 days of a cluster: day {day}");
            _ = std::io::stdout().flush();
        }
    };
    pipeline::seed_demo(db, first, end, &on_day).await?;
    println!(
        "{}The demo's 90 days took {:.1} s.",
        if show { "\r" } else { "" },
        start.elapsed().as_secs_f32()
    );
    Ok(())
}

/// The first day that is missing of the demo, and the instant of its last day; none where all are there. Seeding that was
/// interrupted goes on where it was.
async fn missing_days(db: &PgPool) -> anyhow::Result<Option<(u32, DateTime<Utc>)>> {
    let all = clusters::list(db, &Viewer::All).await?;
    let Some(demo) = all.into_iter().find(|cluster| cluster.source == Source::Demo) else {
        return Ok(Some((0, Utc::now())));
    };
    let newest = SnapshotQuery {
        limit: Some(1),
        ..SnapshotQuery::default()
    };
    let page = snapshots::list(db, &Viewer::All, demo.id, &newest).await?;
    let there = u32::try_from(page.total).unwrap_or(u32::MAX);
    let newest = page.items.first().filter(|_| there <= demo::LAST_DAY);
    Ok(newest.map(|newest| {
        (
            there,
            newest.taken_at + Days::new(u64::from(demo::LAST_DAY + 1 - there)),
        )
    }))
}

/// Returns when requests have had their time to end after a stop.
async fn drained(stop: Stop) {
    stop.wait().await;
    tokio::time::sleep(DRAIN).await;
}
