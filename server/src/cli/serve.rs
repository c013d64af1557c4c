//! `plimsoll serve`.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::Utc;
use shared::clusters::Source;
use shared::snapshots::Progress;
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::api::{self, state::AppState};
use crate::auth::link;
use crate::collect::CollectError;
use crate::collect::target::Target;
use crate::database::Database;
use crate::pipeline::{self, Origin};
use crate::store::{clusters, users, viewer::Viewer};
use crate::watch::{Schedule, Watch};
use crate::{demo, logging};

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
    /// Minutes between the starts of two snapshots of a cluster.
    #[arg(long, env = "PLIMSOLL_INTERVAL", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=10080))]
    interval: u64,
    /// How long a snapshot may take, in seconds.
    #[arg(long, env = "PLIMSOLL_DEADLINE", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=3600))]
    deadline: u64,
}

/// Where the data is kept.
#[derive(Debug, clap::Args)]
pub(super) struct DatabaseArgs {
    /// A PostgreSQL, from version 14. Without it the server runs one of its own in --data.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// The folder of the server's own database.
    #[arg(long, env = "PLIMSOLL_DATA", default_value_os_t = default_data(), value_name = "FOLDER")]
    data: PathBuf,
}

fn default_data() -> PathBuf {
    let home = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let state = home("XDG_STATE_HOME").or_else(|| home("HOME").map(|home| home.join(".local/state")));
    state.unwrap_or_else(|| PathBuf::from("/var/lib")).join("plimsoll")
}

impl DatabaseArgs {
    /// Connects to the database that the arguments name; starts the server's own where it does not run yet.
    pub(super) async fn open(&self) -> anyhow::Result<Database> {
        let database = match &self.database_url {
            Some(url) => Database::connect(url).await,
            None => Database::join(&self.data).await,
        };
        database.context("there is no database to work with")
    }
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        logging::start();
        let origins = self.origins()?;
        let database = match &self.database.database_url {
            Some(url) => Database::connect(url).await,
            None => Database::start(&self.database.data).await,
        };
        let database = database.context("there is no database to work with")?;
        let listener = TcpListener::bind(self.listen).await;
        let listener = listener.with_context(|| format!("{} can't be listened on", self.listen))?;
        let address = self.address(&listener)?;
        greet(&database.pool, &address).await?;
        let watches: Vec<_> = origins.iter().map(|origin| Watch::new(name(origin))).collect();
        let state = self.state(&database.pool, &watches);
        let work = tokio::spawn(watch_all(database.pool.clone(), origins, watches, self.schedule()));
        self.serve_metrics(state.clone()).await?;
        axum::serve(listener, api::router(state))
            .with_graceful_shutdown(stop_signal())
            .await?;
        work.abort();
        database.stop().await;
        Ok(ExitCode::SUCCESS)
    }

    fn origins(&self) -> anyhow::Result<Vec<Origin>> {
        let mut origins = if self.demo { vec![Origin::Demo] } else { Vec::new() };
        for context in &self.contexts {
            origins.push(Origin::Live(Target::infer(Some(context))?));
        }
        if !self.manifests.is_empty() {
            origins.push(Origin::Files {
                paths: self.manifests.clone(),
                name: "manifests".into(),
            });
        }
        if origins.is_empty() {
            origins.push(match Target::infer(None) {
                Ok(target) => Origin::Live(target),
                Err(CollectError::NoCluster) => Origin::Demo,
                Err(error) => return Err(error.into()),
            });
        }
        for origin in &origins {
            match origin {
                Origin::Live(target) => println!("Watching {target}."),
                Origin::Files { paths, .. } => println!("Watching {} paths of manifests.", paths.len()),
                Origin::Demo if self.demo => println!("Watching the demo cluster."),
                Origin::Demo => println!("There is no kubeconfig: watching the demo cluster."),
            }
        }
        Ok(origins)
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
            None => Ok(format!("http://{}", listener.local_addr()?)),
        }
    }

    fn state(&self, db: &PgPool, watches: &[Arc<Watch>]) -> AppState {
        AppState {
            db: db.clone(),
            watches: watches.into(),
            fixes: Arc::default(),
            metrics: Arc::default(),
            secure_cookies: self
                .public_url
                .as_deref()
                .is_some_and(|url| url.starts_with("https://")),
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

fn name(origin: &Origin) -> String {
    match origin {
        Origin::Live(target) => target.name().to_owned(),
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

async fn watch_all(db: PgPool, origins: Vec<Origin>, watches: Vec<Arc<Watch>>, schedule: Schedule) {
    let mut tasks = tokio::task::JoinSet::new();
    for (origin, watch) in origins.into_iter().zip(watches) {
        let db = db.clone();
        tasks.spawn(async move {
            if matches!(origin, Origin::Demo)
                && let Err(error) = seed_demo(&db, &watch).await
            {
                tracing::error!(error = %format!("{error:#}"), "the demo could not be seeded");
            }
            watch.run(db, origin, schedule).await;
        });
    }
    tasks.join_all().await;
}

/// Sends each of the demo's days through the pipeline, unless they are there already.
async fn seed_demo(db: &PgPool, watch: &Watch) -> anyhow::Result<()> {
    if clusters::list(db, &Viewer::All)
        .await?
        .iter()
        .any(|cluster| cluster.source == Source::Demo)
    {
        return Ok(());
    }
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
    pipeline::seed_demo(db, 0, Utc::now(), &on_day).await?;
    println!(
        "{}The demo's 90 days took {:.1} s.",
        if show { "\r" } else { "" },
        start.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Ends on Ctrl-C and on SIGTERM, which container runtimes send.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
