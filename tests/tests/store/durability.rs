//! The server's own PostgreSQL: one server a directory, and nothing lost by a kill.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use server::database::{Database, DatabaseError};
use server::store::snapshots;
use server::store::viewer::Viewer;
use shared::ids::SnapshotId;
use shared::snapshots::SnapshotQuery;
use sqlx::PgPool;
use tests::history::{CLUSTER, Scene, as_of, hour};

const ALL: &Viewer = &Viewer::All;

/// A directory that goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("plimsoll-{name}-{}", std::process::id())))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[tokio::test]
async fn a_second_server_is_refused_and_a_command_joins_or_connects() {
    let directory = Directory::new("twice");
    // Too deep for a socket: it lies elsewhere.
    let deep = directory.0.join("d".repeat(90));
    let first = Database::start(&deep).await.unwrap();
    Scene::empty().store(&first.pool, hour(0)).await.unwrap();
    let second = Database::start(&deep).await.unwrap_err();
    assert!(matches!(second, DatabaseError::InUse(_)), "{second:?}");
    let joined = Database::join(&deep).await.unwrap();
    assert!(as_of(&joined.pool, hour(0)).await.is_ok());
    joined.stop().await;
    let options = first.pool.connect_options();
    let url = format!(
        "postgres://plimsoll@localhost/plimsoll?host={}",
        options.get_socket().unwrap().display()
    );
    let connected = Database::connect(&url).await.unwrap();
    assert!(as_of(&connected.pool, hour(0)).await.is_ok());
    connected.stop().await;
    assert!(matches!(
        Database::connect("nonsense").await,
        Err(DatabaseError::Url(_))
    ));
    let settings: Vec<(String, String)> = sqlx::query_as(
        "select name, setting from pg_settings where name in ('fsync', 'data_checksums', 'listen_addresses', 'full_page_writes')
        order by name",
    )
    .fetch_all(&first.pool)
    .await
    .unwrap();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("listen_addresses", ""),
    ];
    assert_eq!(settings, expected);
    let is_super: bool = sqlx::query_scalar("select usesuper from pg_user where usename = current_user")
        .fetch_one(&first.pool)
        .await
        .unwrap();
    assert!(!is_super);
    first.stop().await;
    let again = Database::start(&deep).await.unwrap();
    assert!(as_of(&again.pool, hour(0)).await.is_ok());
    again.stop().await;
}

/// A process that stores snapshots without end.
struct Keeper {
    process: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    /// The last snapshot that it told to be stored.
    receipt: i64,
}

impl Keeper {
    fn start(directory: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keeper"));
        let mut process = command.arg(directory).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            process,
            lines,
            receipt: 0,
        }
    }

    /// Reads on until so many more lines hold these words; tells whether there were as many.
    fn read(&mut self, count: usize, words: &str) -> bool {
        let mut found = 0;
        while found < count {
            let Some(line) = self.lines.next() else { return false };
            let line = line.unwrap();
            found += usize::from(line.contains(words));
            if let Some(receipt) = line.strip_prefix("stored ") {
                self.receipt = receipt.split(' ').next().unwrap().parse().unwrap();
            }
        }
        true
    }

    /// Lets it store a few snapshots, kills it (`SIGKILL`) after so many statements of the next, every other time with its
    /// PostgreSQL, and tells the last snapshot that it got a receipt for.
    fn kill_in_the_middle(mut self, directory: &Path, statements: usize) -> i64 {
        assert!(self.read(3, "storing"), "it stores snapshots");
        assert!(self.read(statements, "sqlx::query"), "it runs statements");
        if statements % 2 == 1 {
            let pid = std::fs::read_to_string(directory.join("postgres/postmaster.pid")).unwrap();
            let kill = Command::new("kill")
                .arg("-KILL")
                .arg(pid.lines().next().unwrap())
                .status();
            assert!(kill.unwrap().success());
        }
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        assert!(!self.read(usize::MAX, "stored"), "it is dead");
        self.receipt
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_lose_nothing_and_need_no_repair() {
    let directory = Directory::new("killed");
    let mut promised = 0;
    // One takes 25: the kills come all over it, and in the next.
    for statements in (0..30).step_by(3) {
        let keeper = Keeper::start(&directory.0);
        let path = directory.0.clone();
        let kill = move || keeper.kill_in_the_middle(&path, statements);
        let receipt = tokio::task::spawn_blocking(kill).await.unwrap();
        assert!(receipt >= promised + 2, "{receipt} after {promised}");
        promised = receipt;
        let database = Database::start(&directory.0).await.unwrap();
        every_snapshot_is_whole(&database.pool, receipt).await;
        database.stop().await;
    }
}

/// What has a receipt is there, and every snapshot that is there holds what it says it holds.
async fn every_snapshot_is_whole(db: &PgPool, receipt: i64) {
    let page = snapshots::list(db, ALL, CLUSTER, &SnapshotQuery::default())
        .await
        .unwrap();
    let last = page.items.first().map_or(SnapshotId(0), |row| row.id);
    assert!(last.0 >= receipt, "{last} was stored, and {receipt} was promised");
    for row in page.items {
        let then = as_of(db, row.taken_at).await.unwrap();
        assert_eq!(then.snapshot, row.id);
        assert_eq!(snapshots::load(db, ALL, &then).await.unwrap().len() as u32, row.objects);
    }
}
