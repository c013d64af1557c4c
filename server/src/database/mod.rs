//! The database: the server's own PostgreSQL, or any other from version 14 on.

pub mod account;
pub mod binaries;
pub mod own;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use own::Own;

/// The schema, forward only.
pub static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// The oldest PostgreSQL that will do.
const MINIMUM: u32 = 14;

/// Set on every connection: a query that takes longer than a person waits is a mistake, and planning for long ones
/// (JIT) costs more than it gains.
const SESSION: &str = "set statement_timeout = '30s'; set lock_timeout = '15s'; \
    set idle_in_transaction_session_timeout = '60s'; set jit = off; set time zone 'UTC'";

/// A migrated database that answers.
#[derive(Debug)]
pub struct Database {
    /// Connections to it.
    pub pool: PgPool,
    own: Option<Own>,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Another server runs over the directory.
    #[error("another Plimsoll server uses {}: stop it, or give this one a data directory of its own", .0.display())]
    InUse(PathBuf),
    /// PostgreSQL is not installed.
    #[error("no PostgreSQL from version {MINIMUM} on is installed: install it, or set DATABASE_URL")]
    NoBinaries,
    /// The version that made the directory is not installed any more.
    #[error("{} was made by PostgreSQL {version}, which is not installed", .directory.display())]
    NoBinariesOf {
        /// The directory.
        directory: PathBuf,
        /// Its version.
        version: u32,
    },
    /// PostgreSQL refuses to run as root, and there is no one else to run it as.
    #[error(
        "PostgreSQL does not run as root, and there is no user postgres: add one, run as another user, or set DATABASE_URL"
    )]
    NoPostgresUser,
    /// PostgreSQL refuses to run without a name.
    #[error("user id {0} has no name, which PostgreSQL needs: add it to /etc/passwd, or set DATABASE_URL")]
    NoUserName(String),
    /// PostgreSQL's user can't get into the directory.
    #[error("the user {user} can't enter {}: choose another data directory", .directory.display())]
    Closed {
        /// The directory.
        directory: PathBuf,
        /// The user.
        user: String,
    },
    /// The short directory for the socket belongs to someone else.
    #[error("{} belongs to someone else", .0.display())]
    NotOurs(PathBuf),
    /// A file could not be made, read or locked, or a program not be run.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// `initdb` failed.
    #[error("PostgreSQL could not set up its directory: {0}")]
    Init(String),
    /// It did not start; its last words.
    #[error("PostgreSQL did not start: {0}")]
    NoStart(String),
    /// The one that was found is too old.
    #[error("the database is PostgreSQL {0}; version {MINIMUM} is the oldest that will do")]
    TooOld(u32),
    /// The URL makes no sense.
    #[error("DATABASE_URL makes no sense")]
    Url(#[source] sqlx::Error),
    /// It does not answer.
    #[error("the database does not answer")]
    Unreachable(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl Database {
    /// Starts the server's own PostgreSQL over `data_dir`, which is made if it is not there.
    ///
    /// # Errors
    /// Another server uses the directory, PostgreSQL is missing or does not start, or the schema can't be brought up to date.
    pub async fn start(data_dir: &Path) -> Result<Self, DatabaseError> {
        let own = Own::start(data_dir, &[]).await?;
        let pool = open(own.options()).await?;
        Ok(Self { pool, own: Some(own) })
    }

    /// Uses the PostgreSQL of a server that runs over `data_dir`, and starts one where none does: for commands beside the server.
    ///
    /// # Errors
    /// As those of [`Database::start`].
    pub async fn join(data_dir: &Path) -> Result<Self, DatabaseError> {
        match Self::start(data_dir).await {
            Err(DatabaseError::InUse(_)) => Ok(Self {
                pool: open(own::running(data_dir)?).await?,
                own: None,
            }),
            other => other,
        }
    }

    /// Uses the PostgreSQL at `url`.
    ///
    /// # Errors
    /// It does not answer, is too old, or its schema can't be brought up to date.
    pub async fn connect(url: &str) -> Result<Self, DatabaseError> {
        let options: PgConnectOptions = url.parse().map_err(DatabaseError::Url)?;
        Ok(Self {
            pool: open(options).await?,
            own: None,
        })
    }

    /// Closes the connections and stops our own PostgreSQL, if there is one.
    pub async fn stop(self) {
        self.pool.close().await;
        if let Some(own) = self.own {
            own.stop().await;
        }
    }
}

/// Connects to a database, and brings its schema up to date.
///
/// # Errors
/// It does not answer, is too old, or its schema can't be brought up to date.
pub async fn open(options: PgConnectOptions) -> Result<PgPool, DatabaseError> {
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(|connection, _| {
            Box::pin(async move { sqlx::raw_sql(SESSION).execute(connection).await.map(|_| ()) })
        })
        .connect_with(options)
        .await?;
    let version: String = sqlx::query_scalar("show server_version_num").fetch_one(&pool).await?;
    let version = version.parse::<u32>().unwrap_or_default() / 10_000;
    if version < MINIMUM {
        return Err(DatabaseError::TooOld(version));
    }
    MIGRATOR.run(&pool).await?;
    Ok(pool)
}

/// Turns an I/O error into one that says what was tried.
fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> DatabaseError {
    let what = what.into();
    move |source| DatabaseError::Io { what, source }
}
