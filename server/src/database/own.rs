//! The server's own PostgreSQL: always durable, reached by a unix socket only, gone when the server is gone.
//!
//! Two locks guard the directory. `server.lock` is held by the server and by nobody else, so it is free the moment the
//! server dies; a second server is refused at once. `postgres.lock` is inherited by PostgreSQL and all its processes, so
//! it is free when the last of them has ended; the next server waits for that.

use std::collections::VecDeque;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr};
use tokio::time::{Instant, sleep, timeout};

use super::account::Account;
use super::binaries::Binaries;
use super::{DatabaseError, io};

/// The script that PostgreSQL runs under. The parent-death signal would not do: it follows the thread that spawned the
/// child, is lost when the child changes its user, and is out of reach without unsafe code.
const SUPERVISOR: &str = include_str!("supervise.sh");
/// The role that owns our database. It is no superuser.
const ROLE: &str = "plimsoll";
/// The superuser that makes it.
const ADMIN: &str = "postgres";
/// What a unix socket's path may measure, less some room, since systems differ.
const MAX_SOCKET_PATH: usize = 100;
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// How long the PostgreSQL of a server that died may take to stop, and ours to recover.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(20);

/// A PostgreSQL that runs as long as this lives.
#[derive(Debug)]
pub struct Own {
    supervisor: Child,
    sockets: PathBuf,
    _lock: File,
}

impl Own {
    /// Starts PostgreSQL over `data_dir`, with further settings. Returns when it answers and our database is there.
    ///
    /// # Errors
    /// Another server uses the directory, or PostgreSQL is missing or does not start.
    pub async fn start(data_dir: &Path, settings: &[(&str, &str)]) -> Result<Self, DatabaseError> {
        let account = Account::find().await?;
        account.make_enterable(data_dir).await?;
        let data_dir = data_dir
            .canonicalize()
            .map_err(io(format!("{} could not be found", data_dir.display())))?;
        let lock = lock(&data_dir.join("server.lock"))?.ok_or_else(|| DatabaseError::InUse(data_dir.clone()))?;
        let postgres_lock = wait_for(&data_dir.join("postgres.lock")).await?;
        let directory = data_dir.join("postgres");
        let binaries = Binaries::find(&directory).await?;
        if !directory.exists() {
            init(&account, &binaries, &directory).await?;
        }
        let sockets = socket_directory(&data_dir);
        account.make_private(&sockets)?;
        write_access(&account, &directory)?;
        remove_stale_pid(&directory);
        let (supervisor, log) = spawn(&account, &binaries, &directory, &sockets, settings, postgres_lock)?;
        let mut own = Self {
            supervisor,
            sockets,
            _lock: lock,
        };
        own.provision(&log).await?;
        Ok(own)
    }

    /// How our database is reached.
    pub fn options(&self) -> PgConnectOptions {
        options(&self.sockets, ROLE, ROLE)
    }

    /// How the superuser reaches a database.
    pub fn admin_options(&self, database: &str) -> PgConnectOptions {
        options(&self.sockets, ADMIN, database)
    }

    /// Stops it, and waits until it has stopped.
    pub async fn stop(mut self) {
        drop(self.supervisor.stdin.take());
        if timeout(PATIENCE, self.supervisor.wait()).await.is_err() {
            tracing::warn!("PostgreSQL takes its time to stop; it goes on by itself");
        }
        // Empty now. What a killed server leaves is used again by the next.
        fs::remove_dir(&self.sockets).ok();
    }

    async fn provision(&mut self, log: &Log) -> Result<(), DatabaseError> {
        let mut admin = self.wait_until_up(log).await?;
        let role: Option<i32> = sqlx::query_scalar("select 1 from pg_roles where rolname = $1")
            .bind(ROLE)
            .fetch_optional(&mut admin)
            .await?;
        if role.is_none() {
            sqlx::raw_sql("create role plimsoll login").execute(&mut admin).await?;
        }
        let database: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = $1")
            .bind(ROLE)
            .fetch_optional(&mut admin)
            .await?;
        if database.is_none() {
            sqlx::raw_sql("create database plimsoll owner plimsoll")
                .execute(&mut admin)
                .await?;
        }
        admin.close().await?;
        Ok(())
    }

    async fn wait_until_up(&mut self, log: &Log) -> Result<PgConnection, DatabaseError> {
        let end = Instant::now() + PATIENCE;
        let options = self.admin_options(ADMIN);
        loop {
            let error = match options.connect().await {
                Ok(connection) => return Ok(connection),
                Err(error) => error,
            };
            let exited = self
                .supervisor
                .try_wait()
                .map_err(io("PostgreSQL could not be watched"))?;
            if exited.is_some() {
                return Err(DatabaseError::NoStart(log.last_words().await));
            }
            if Instant::now() > end {
                return Err(error.into());
            }
            sleep(POLL).await;
        }
    }
}

/// How the database of a server that runs over `data_dir` is reached.
///
/// # Errors
/// There is no such directory.
pub(super) fn running(data_dir: &Path) -> Result<PgConnectOptions, DatabaseError> {
    let data_dir = data_dir
        .canonicalize()
        .map_err(io(format!("{} could not be found", data_dir.display())))?;
    Ok(options(&socket_directory(&data_dir), ROLE, ROLE))
}

fn options(sockets: &Path, role: &str, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(sockets)
        .port(5432)
        .username(role)
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}

/// The directory of the socket: in the data directory, or a short one that is named after it.
fn socket_directory(data_dir: &Path) -> PathBuf {
    let near = data_dir.join("socket");
    if near.join(SOCKET_NAME).as_os_str().len() <= MAX_SOCKET_PATH {
        return near;
    }
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let name = digest[..6]
        .iter()
        .fold("plimsoll-".to_owned(), |name, byte| name + &format!("{byte:02x}"));
    Path::new("/tmp").join(name)
}

fn lock(path: &Path) -> Result<Option<File>, DatabaseError> {
    let what = || format!("{} could not be locked", path.display());
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(io(what()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(io(what())(error)),
    }
}

async fn wait_for(path: &Path) -> Result<File, DatabaseError> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(file) = lock(path)? {
            return Ok(file);
        }
        if Instant::now() > end {
            return Err(DatabaseError::NoStart(
                "the one of the server before is still stopping".into(),
            ));
        }
        sleep(POLL).await;
    }
}

/// Sets up a directory. It gets its name when it is whole, so that an interruption leaves nothing half done.
async fn init(account: &Account, binaries: &Binaries, directory: &Path) -> Result<(), DatabaseError> {
    tracing::info!(directory = %directory.display(), version = binaries.version, "setting up PostgreSQL");
    let unfinished = directory.with_extension("new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(io(format!("{} could not be removed", unfinished.display())))?;
    }
    account.make_private(&unfinished)?;
    let output = account
        .command(binaries.program("initdb"))
        .arg("--pgdata")
        .arg(&unfinished)
        .args([
            "--username",
            ADMIN,
            "--auth",
            "peer",
            "--data-checksums",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
        ])
        .arg("--no-instructions")
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(io("initdb could not be run"))?;
    if !output.status.success() {
        return Err(DatabaseError::Init(
            String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        ));
    }
    fs::rename(&unfinished, directory).map_err(io(format!("{} could not be made", directory.display())))
}

/// Lets in the account that PostgreSQL runs as and our own, by the socket, and nobody else.
fn write_access(account: &Account, directory: &Path) -> Result<(), DatabaseError> {
    let access = format!("local all {ADMIN},{ROLE} peer map=plimsoll\n");
    let names = [&account.name, &account.own_name];
    let lines = names
        .iter()
        .flat_map(|name| [ADMIN, ROLE].map(|role| format!("plimsoll \"{name}\" {role}\n")));
    account.write(&directory.join("pg_hba.conf"), &access)?;
    account.write(&directory.join("pg_ident.conf"), &lines.collect::<String>())
}

/// Removes what a PostgreSQL left that was killed, or that ran in a container with the same process ids. We hold the lock
/// that every PostgreSQL of ours holds, so only one that somebody started by hand may still be there: that one is left alone.
fn remove_stale_pid(directory: &Path) {
    let file = directory.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&file) else { return };
    let pid = text.lines().next().unwrap_or_default().trim();
    let program = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    if program.trim() != "postgres" && fs::remove_file(&file).is_ok() {
        tracing::info!("PostgreSQL did not stop properly the last time; it recovers");
    }
}

fn spawn(
    account: &Account,
    binaries: &Binaries,
    directory: &Path,
    sockets: &Path,
    settings: &[(&str, &str)],
    lock: File,
) -> Result<(Child, Log), DatabaseError> {
    // A list, in which a comma would separate.
    let sockets = format!("\"{}\"", sockets.to_string_lossy().replace('"', "\"\""));
    let mut all = vec![
        ("listen_addresses", ""),
        ("unix_socket_directories", sockets.as_str()),
        ("unix_socket_permissions", "0700"),
        ("max_connections", "40"),
        ("shared_buffers", "64MB"),
        ("max_wal_size", "512MB"),
        ("wal_compression", "on"),
        ("log_destination", "stderr"),
        ("logging_collector", "off"),
        ("log_timezone", "UTC"),
        // A statement that fails would otherwise stand in the log with all it holds.
        ("log_min_error_statement", "panic"),
    ];
    all.extend(settings);
    let mut command = account.command("/bin/sh");
    command
        .args(["-c", SUPERVISOR, "postgres"])
        .arg(binaries.program("postgres"))
        .arg("-D")
        .arg(directory);
    for (name, value) in all {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // A process group of its own, so that Ctrl-C in the terminal reaches the server only, which then stops PostgreSQL.
    command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(lock)
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(io("PostgreSQL could not be run"))?;
    let log = Log::default();
    if let Some(stderr) = child.stderr.take() {
        tokio::spawn(log.clone().drain(stderr));
    }
    Ok((child, log))
}

/// What PostgreSQL says. It would hang if nobody read it.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    async fn drain(self, stderr: ChildStderr) {
        let mut lines = BufReader::new(stderr).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            let line = String::from_utf8_lossy(&line).into_owned();
            tracing::debug!(target: "postgres", "{line}");
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_back(line);
            if kept.len() > 10 {
                kept.pop_front();
            }
        }
    }

    async fn last_words(&self) -> String {
        // The process has ended, but what it wrote last may still be on its way.
        sleep(POLL * 5).await;
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_data_directory_gets_a_short_socket() {
        let long = PathBuf::from("/srv").join("x".repeat(90));
        assert!(socket_directory(&long).join(SOCKET_NAME).as_os_str().len() <= MAX_SOCKET_PATH);
        assert_ne!(socket_directory(&long), socket_directory(&long.join("y")));
        assert_eq!(
            socket_directory(Path::new("/srv/plimsoll")),
            Path::new("/srv/plimsoll/socket")
        );
    }
}
