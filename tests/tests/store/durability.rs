//! The server's own PostgreSQL: one server a directory, and nothing lost by a kill.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

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
}

impl Keeper {
    fn start(directory: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keeper"));
        let mut process = command.arg(directory).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    /// Lets it store a few snapshots, kills it (`SIGKILL`) somewhere in the next, every other time with its PostgreSQL,
    /// and tells the last snapshot that it got a receipt for.
    fn kill_in_the_middle(mut self, directory: &Path, round: u64) -> i64 {
        let mut begun = self
            .lines
            .by_ref()
            .map(|line| line.unwrap())
            .filter(|line| line == "storing");
        begun.nth(2).expect("it stores snapshots");
        std::thread::sleep(Duration::from_millis(round * 3));
        if round % 2 == 1 {
            let pid = std::fs::read_to_string(directory.join("postgres/postmaster.pid")).unwrap();
            let kill = Command::new("kill")
                .arg("-KILL")
                .arg(pid.lines().next().unwrap())
                .status();
            assert!(kill.unwrap().success());
        }
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let receipts = self
            .lines
            .filter_map(|line| line.unwrap().strip_prefix("stored ")?.split(' ').next()?.parse().ok());
        receipts.last().unwrap_or(0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_lose_nothing_and_need_no_repair() {
    let directory = Directory::new("killed");
    for round in 0..10 {
        let keeper = Keeper::start(&directory.0);
        let path = directory.0.clone();
        let kill = move || keeper.kill_in_the_middle(&path, round);
        let receipt = tokio::task::spawn_blocking(kill).await.unwrap();
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
        assert_eq!(snapshots::load(db, &then).await.unwrap().len() as u32, row.objects);
    }
}
