//! A real PostgreSQL: one server for all tests of a process, a database of its own for each test.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;

use anyhow::{Context, anyhow};
use server::database;
use server::database::own::Own;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgPool};

/// The database that every other is a copy of: migrated, and empty.
const TEMPLATE: &str = "template_plimsoll";
/// How the directories of such servers begin.
const PREFIX: &str = "plimsoll-test-";

/// A migrated database that nobody else uses. It goes when the test process ends.
pub struct TestDatabase {
    /// Connections to it, as the server makes them.
    pub pool: PgPool,
}

impl TestDatabase {
    /// Makes one.
    ///
    /// # Errors
    /// PostgreSQL is missing or does not start.
    pub async fn create() -> anyhow::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let server = Server::shared()?;
        server.copy_template(&name).await?;
        Ok(Self {
            pool: database::open(server.owner.clone().database(&name)).await?,
        })
    }
}

/// The server that the tests of a process share.
#[derive(Clone)]
struct Server {
    admin: PgConnectOptions,
    owner: PgConnectOptions,
}

impl Server {
    /// Starts it if no test has. It stops when the process ends, however that comes about.
    fn shared() -> anyhow::Result<&'static Self> {
        static SHARED: OnceLock<Result<Server, String>> = OnceLock::new();
        let start = || Self::start().map_err(|error| format!("{error:#}"));
        SHARED.get_or_init(start).as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// Starts it from a thread with a runtime of its own: those of tests end with their test.
    fn start() -> anyhow::Result<Self> {
        let (tell, told) = mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            runtime.block_on(async {
                let own = run().await;
                let answer = own.as_ref().map(Self::of).map_err(|error| format!("{error:#}"));
                if tell.send(answer).is_ok() {
                    std::future::pending::<()>().await;
                }
            });
        });
        told.recv()?.map_err(|error| anyhow!("{error}"))
    }

    fn of(own: &Own) -> Self {
        Self {
            admin: own.admin_options("postgres"),
            owner: own.options(),
        }
    }

    async fn copy_template(&self, name: &str) -> anyhow::Result<()> {
        // The name is ours: a word and a number.
        let create = AssertSqlSafe(format!("create database {name} template {TEMPLATE} owner plimsoll"));
        let mut admin = self.admin.connect().await?;
        sqlx::raw_sql(create)
            .execute(&mut admin)
            .await
            .context("a database could not be made")?;
        Ok(())
    }
}

/// PostgreSQL without the care for power failures, which makes tests slow, and the template.
async fn run() -> anyhow::Result<Own> {
    remove_abandoned();
    let directory = std::env::temp_dir().join(format!("{PREFIX}{}", std::process::id()));
    let careless = [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
    ];
    let own = Own::start(&directory, &careless).await?;
    let mut admin = own.admin_options("postgres").connect().await?;
    let create = AssertSqlSafe(format!("create database {TEMPLATE} owner plimsoll"));
    sqlx::raw_sql(create).execute(&mut admin).await?;
    database::open(own.options().database(TEMPLATE)).await?.close().await;
    Ok(own)
}

/// Removes the directories of processes that have ended: nobody holds their lock.
fn remove_abandoned() {
    let entries = fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    for directory in ours
        .map(|entry| entry.path())
        .filter(|directory| is_abandoned(directory))
    {
        // Another process may be at it as well, or PostgreSQL still stopping; the next run will see to it.
        fs::remove_dir_all(directory).ok();
    }
}

fn is_abandoned(directory: &Path) -> bool {
    let is_free = |name: &str| fs::File::open(directory.join(name)).is_ok_and(|file| file.try_lock().is_ok());
    is_free("server.lock") && is_free("postgres.lock")
}
