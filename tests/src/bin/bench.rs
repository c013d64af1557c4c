//! `make bench`: one table, from one run on one machine, in the form that docs/benchmarks.md keeps.
//!
//! To look closer: `bench 10000` measures one size, `bench checks` each check alone, `bench rbac` the RBAC engine alone,
//! `bench network` the network engine alone, `bench page` the page, `bench what-if` what policies would change as the page tells it,
//! `bench testbed 10000` keeps such a cluster running.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use analysis::catalogue::Catalogue;
use analysis::model::Object;
use analysis::settings::Settings;
use anyhow::{Context, Result, bail};
use chrono::Utc;
use futures::{StreamExt, TryStreamExt};
use http_body_util::BodyExt;
use kube::Client;
use server::auth::link;
use server::collect::Collection;
use server::collect::live::{self, Limits};
use server::collect::target::{Target, connect};
use server::pipeline;
use shared::ids::ClusterId;
use sqlx::types::Uuid;
use tests::app::App;
use tests::browser::{Chromium, LOOKS, root, serve};
use tests::postgres::TestDatabase;
use tests::testbed::Testbed;
use tests::{load, rest};

/// Pods of the clusters on which a snapshot is measured: each twice the one before.
const SIZES: [usize; 4] = [1250, 2500, 5000, 10_000];
/// How often [`child`] reads the cluster.
const READINGS: f64 = 3.0;
/// Clock ticks a second in /proc, the same on every Linux.
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("snapshot") => child(&PathBuf::from(arguments.next().context("a kubeconfig")?)).await,
        Some("testbed") => testbed(arguments.next().context("a number of pods")?.parse()?).await,
        Some("rbac") => rbac(),
        Some("checks") => each_check(),
        Some("page") => page().await,
        Some("escalations") => escalations(),
        Some("network") => network(),
        Some("what-if") => what_if().await,
        Some("matrix") => matrix(),
        Some(pods) => cluster(pods.parse()?).await,
        None => table().await,
    }
}

async fn table() -> Result<()> {
    println!("| what | target | measured |\n|---|---|---|");
    for pods in SIZES {
        cluster(pods).await?;
    }
    for (pods, target) in [(1500, 0.5), (6900, 2.0)] {
        scan(pods, target).await?;
    }
    checks()?;
    rbac()?;
    network()?;
    page().await?;
    what_if().await
}

fn checks() -> Result<()> {
    for (what, target, measured) in tests::checks::table(&SIZES)? {
        row(&what, target, &measured);
    }
    Ok(())
}

/// All checks, and each by itself.
fn each_check() -> Result<()> {
    checks()?;
    for (check, time) in tests::checks::each(SIZES[SIZES.len() - 1])? {
        println!("{:>10}  {check}", tests::checks::milliseconds(time));
    }
    Ok(())
}

fn rbac() -> Result<()> {
    for (what, target, measured) in tests::rbac::bench::table()? {
        row(&what, target, &measured);
    }
    let said = run_child(&["escalations"])?;
    row(
        "every subject's escalation closure, the largest: memory",
        "100 MB",
        &format!("{:.0} MB", field(&said, "after")? - field(&said, "before")?),
    );
    Ok(())
}

fn network() -> Result<()> {
    for (what, target, measured) in tests::network::bench::table()? {
        row(&what, target, &measured);
    }
    let said = run_child(&["matrix"])?;
    row(
        "network: the classes of the largest and their whole matrix: memory",
        "150 MB",
        &format!("{:.0} MB", field(&said, "after")? - field(&said, "before")?),
    );
    Ok(())
}

/// The memory before and after the ways of everyone are found.
fn escalations() -> Result<()> {
    tests::rbac::bench::escalations(before)?;
    println!("after {}", peak_memory()?);
    Ok(())
}

/// The memory before and after the classes of pods and their matrix are found.
fn matrix() -> Result<()> {
    tests::network::bench::matrix_alone(before)?;
    println!("after {}", peak_memory()?);
    Ok(())
}

fn before() -> Result<()> {
    // The peak of what came before is forgotten: proc_pid_clear_refs(5).
    std::fs::write("/proc/self/clear_refs", "5")?;
    println!("before {}", peak_memory()?);
    Ok(())
}

/// A cluster of that size, to look closer at what a figure is made of.
async fn testbed(pods: usize) -> Result<()> {
    let testbed = Testbed::start().await?;
    let objects = load::fill(&testbed.client("admin").await?, pods).await?;
    println!("{objects} objects; KUBECONFIG={}", testbed.kubeconfig().display());
    Ok(tokio::signal::ctrl_c().await?)
}

fn row(what: &str, target: &str, measured: &str) {
    println!("| {what} | {target} | {measured} |");
}

/// A snapshot, and beside it the plain download of the same lists as JSON.
async fn cluster(pods: usize) -> Result<()> {
    let testbed = Testbed::start().await?;
    let client = testbed.client("admin").await?;
    let objects = load::fill(&client, pods).await?;
    let pid = testbed.apiserver_pid()?;
    let mut runs = Vec::new();
    for _ in 0..3 {
        runs.push(Run::of(&testbed, &client, pid).await?);
    }
    let least = |figure: fn(&Run) -> f64| runs.iter().map(figure).fold(f64::INFINITY, f64::min);
    let (plain, plain_cpu) = (least(|run| run.plain), least(|run| run.plain_cpu));
    let (zipped, zipped_cpu) = (least(|run| run.zipped), least(|run| run.zipped_cpu));
    let what = format!(
        "{pods} pods, {objects} objects, {:.0} MB as JSON",
        least(|run| run.bytes) / 1e6
    );
    let ratio = |seconds: f64, plain: f64| format!("{:.2} ({seconds:.2} s to {plain:.2} s)", seconds / plain);
    let milliseconds = |figure: fn(&Run) -> f64| format!("{:.0} ms", 1000.0 * least(figure));
    for (name, target, measured) in [
        (
            "first snapshot, wall to plain JSON",
            "",
            ratio(least(|run| run.first), plain),
        ),
        (
            "next snapshot, wall to plain JSON",
            "0.50",
            ratio(least(|run| run.next), plain),
        ),
        (
            "next snapshot, wall to zipped JSON",
            "0.50",
            ratio(least(|run| run.next), zipped),
        ),
        (
            "API server's CPU, to plain JSON",
            "0.40",
            ratio(least(|run| run.cpu), plain_cpu),
        ),
        (
            "API server's CPU, to zipped JSON",
            "0.40",
            ratio(least(|run| run.cpu), zipped_cpu),
        ),
        ("peak memory", "300 MB", format!("{:.0} MB", least(|run| run.peak))),
        ("all checks", "300 ms", milliseconds(|run| run.analysis)),
        ("first snapshot stored", "", milliseconds(|run| run.store_first)),
        (
            "unchanged snapshot stored",
            "50 ms",
            milliseconds(|run| run.store_unchanged),
        ),
        (
            "snapshot with 1 % churn stored",
            "150 ms",
            milliseconds(|run| run.store_churn),
        ),
    ] {
        row(&format!("{what}: {name}"), target, &measured);
    }
    Ok(())
}

/// What one run measured: seconds, bytes, megabytes.
struct Run {
    plain: f64,
    plain_cpu: f64,
    zipped: f64,
    zipped_cpu: f64,
    bytes: f64,
    cpu: f64,
    first: f64,
    next: f64,
    peak: f64,
    analysis: f64,
    store_first: f64,
    store_unchanged: f64,
    store_churn: f64,
}

impl Run {
    async fn of(testbed: &Testbed, client: &Client, pid: u32) -> Result<Self> {
        let (bytes, plain, plain_cpu) = timed(pid, download(client, false)).await?;
        let (_, zipped, zipped_cpu) = timed(pid, download(client, true)).await?;
        let before = cpu(pid)?;
        let said = run_child(&[OsStr::new("snapshot"), testbed.kubeconfig().as_os_str()])?;
        Ok(Self {
            plain,
            plain_cpu,
            zipped,
            zipped_cpu,
            bytes,
            cpu: (cpu(pid)? - before) / READINGS,
            first: field(&said, "first")?,
            next: field(&said, "next")?,
            peak: field(&said, "peak")?,
            analysis: field(&said, "analysis")?,
            store_first: field(&said, "store-first")?,
            store_unchanged: field(&said, "store-unchanged")?,
            store_churn: field(&said, "store-churn")?,
        })
    }
}

/// What it returns, how long it takes, and how much of the API server's time.
async fn timed(pid: u32, work: impl Future<Output = Result<f64>>) -> Result<(f64, f64, f64)> {
    let (begun, before) = (Instant::now(), cpu(pid)?);
    let returned = work.await?;
    Ok((returned, begun.elapsed().as_secs_f64(), cpu(pid)? - before))
}

/// What other tools begin with: each list whole, as JSON, ten at a time; zipped, as client-go asks for it, or plain. Returns
/// the bytes that came.
async fn download(client: &Client, zipped: bool) -> Result<f64> {
    let served = analysis::model::Kind::ALL.iter().filter(|kind| {
        let group = kind.info().group;
        !group.contains('.')
            || group.ends_with("k8s.io")
                && !matches!(
                    group,
                    "policy.networking.k8s.io" | "gateway.networking.k8s.io" | "wgpolicyk8s.io" | "metrics.k8s.io"
                )
    });
    let sizes: Vec<usize> = futures::stream::iter(served)
        .map(|kind| async move {
            let mut request = http::Request::get(rest::collection(*kind, ""));
            if zipped {
                request = request.header(http::header::ACCEPT_ENCODING, "gzip");
            }
            let answer = client.send(request.body(kube::client::Body::empty())?).await;
            let body = answer.with_context(|| kind.to_string())?.into_body();
            anyhow::Ok(body.collect().await?.to_bytes().len())
        })
        .buffer_unordered(10)
        .try_collect()
        .await?;
    Ok(sizes.iter().sum::<usize>() as f64)
}

/// Runs this program again, for a process of which the peak memory is that of one piece of work.
fn run_child(arguments: &[impl AsRef<OsStr>]) -> Result<String> {
    let output = Command::new(std::env::current_exe()?)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the piece of work failed");
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Takes two snapshots, as a server does, and reads the cluster once more, for the parts, each by itself. Prints one figure
/// a line.
async fn child(kubeconfig: &Path) -> Result<()> {
    let database = TestDatabase::create().await?;
    let connection = connect(&Target::of_file(kubeconfig, None)?).await?;
    for which in ["first", "next"] {
        let (begun, taken_at) = (Instant::now(), Utc::now());
        let collection = live::collect(&connection, &Limits::default(), &|_| {}).await?;
        pipeline::keep(
            &database.pool,
            (Catalogue::default(), Settings::default()),
            collection,
            taken_at,
            begun,
            &|_| {},
        )
        .await?;
        println!("{which} {}", begun.elapsed().as_secs_f64());
    }
    println!("peak {}", peak_memory()?);
    let collection = live::collect(&connection, &Limits::default(), &|_| {}).await?;
    let begun = Instant::now();
    analysis::run(&collection.snapshot, Utc::now());
    println!("analysis {}", begun.elapsed().as_secs_f64());
    println!("store-first {}", stored(&database, collection.clone(), 1).await?);
    println!("store-unchanged {}", stored(&database, collection.clone(), 2).await?);
    println!("store-churn {}", stored(&database, churned(collection), 3).await?);
    Ok(())
}

/// How long storing takes, without reading and judging; into a cluster of its own.
async fn stored(database: &TestDatabase, mut collection: Collection, minute: i64) -> Result<f64> {
    collection.id = ClusterId(Uuid::from_u128(1));
    let new = pipeline::judge(
        (&Catalogue::default(), &Settings::default()),
        collection,
        Utc::now() + chrono::Duration::minutes(minute),
    );
    let begun = Instant::now();
    server::store::snapshots::store(&database.pool, &new, Duration::ZERO).await?;
    Ok(begun.elapsed().as_secs_f64())
}

/// The same, with a label changed on every hundredth object.
fn churned(mut collection: Collection) -> Collection {
    let changed: Vec<_> = collection
        .snapshot
        .objects()
        .step_by(100)
        .map(|object| object.as_ref().clone())
        .collect();
    for object in changed {
        collection.snapshot.put(labelled(object));
    }
    collection
}

fn labelled(mut object: Object) -> Object {
    object.meta_mut().labels.insert("churn".into(), "1".into());
    object
}

async fn scan(pods: usize, target: f64) -> Result<()> {
    let testbed = Testbed::start().await?;
    load::fill(&testbed.client("admin").await?, pods).await?;
    let mut command = Command::new(root().join("target/release/plimsoll"));
    command
        .args(["scan", "-o", "json", "--fail-on", "never"])
        .env("KUBECONFIG", testbed.kubeconfig())
        .stdout(Stdio::null());
    let mut seconds = f64::INFINITY;
    for _ in 0..3 {
        let mut child = command.spawn().context("target/release/plimsoll: run make build")?;
        // A process that has ended and was not waited for still tells its time.
        while !std::fs::read_to_string(format!("/proc/{}/stat", child.id()))?.contains(") Z ") {
            std::thread::sleep(Duration::from_millis(2));
        }
        seconds = seconds.min(cpu(child.id())?);
        child.wait()?;
    }
    row(
        &format!("plimsoll scan of {pods} pods: its own CPU"),
        &format!("{target} s"),
        &format!("{seconds:.2} s"),
    );
    Ok(())
}

async fn page() -> Result<()> {
    let assets = std::fs::read_dir(root().join("target/page/assets"))?.flatten();
    // The chunks have other names.
    let first = assets.into_iter().find(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("app.") && name.ends_with(".wasm.br")
    });
    let size = first.context("run make page")?.metadata()?.len();
    row(
        "first load: wasm, brotli",
        "400 KB",
        &format!("{:.0} KB", size as f64 / 1000.0),
    );
    let app = App::demo(91).await?;
    let chromium = Chromium::start().await?;
    let tab = chromium.tab(serve(&app).await?).await?;
    tab.look(LOOKS[0].1).await?;
    let path = link::add_user(app.db(), "bench", "ann", true, Utc::now()).await?;
    tab.sign_in(&path, "a long enough password").await?;
    tab.page
        .execute(chromiumoxide::cdp::browser_protocol::network::ClearBrowserCacheParams::default())
        .await?;
    tab.goto("/").await?;
    let milliseconds = tab.eval("performance.now()").await?.as_f64().unwrap_or(f64::INFINITY);
    row(
        "overview drawn, cold load on loopback",
        "1 s",
        &format!("{:.2} s", milliseconds / 1000.0),
    );
    Ok(())
}

async fn what_if() -> Result<()> {
    for (what, target, measured) in tests::network::what_if::table().await? {
        row(&what, target, &measured);
    }
    Ok(())
}

/// Seconds of CPU that a process has used, its own and the kernel's for it: fields 14 and 15 of /proc/PID/stat.
fn cpu(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2);
    let ticks = fields.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS)
}

/// The most memory that this process ever held, in MB.
fn peak_memory() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1000.0)
}

fn field(said: &str, name: &str) -> Result<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.with_context(|| format!("{name} is missing"))?.parse()?)
}
