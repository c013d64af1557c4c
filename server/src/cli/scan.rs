//! `plimsoll scan`.

pub(super) mod asked;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use shared::snapshots::Progress;
use shared::verdict::Severity;

use super::own_checks::OwnChecks;
use super::probing::ProbingArgs;
use super::settings::SettingsArgs;
use crate::collect::live::Limits;
use crate::collect::target::{self, Target};
use crate::collect::{self, Collection};
use crate::report::{self, Format};

/// Judge a cluster or manifests once, with no server and no database.
///
/// Exit code 0: nothing found at or above --fail-on. 1: something was. 2: the input, or part of it, could not be read.
/// Kinds that manifests can't show leave their checks "not evaluated", which fails nothing. With --check or --framework, only
/// those checks, or those that answer the framework's controls, run and count.
#[derive(Debug, clap::Args)]
pub(super) struct Scan {
    /// Read manifests instead of a cluster: files, folders, .tar.gz, or - for standard input.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    manifests: Vec<PathBuf>,
    /// The kubeconfig's context to read; the current one, if left out.
    #[arg(long, conflicts_with = "manifests")]
    context: Option<String>,
    /// Read the demo cluster, as it stands on its last day.
    #[arg(long, conflicts_with_all = ["manifests", "context"])]
    demo: bool,
    #[command(flatten)]
    asked: asked::Asked,
    #[command(flatten)]
    own_checks: OwnChecks,
    /// Take in what kube-bench found on nodes: files of its JSON output, each named after its node.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    kube_bench: Vec<PathBuf>,
    #[command(flatten)]
    probing: ProbingArgs,
    #[command(flatten)]
    settings: SettingsArgs,
    /// How to print what was found.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
    /// End with exit code 1 if something at or above this severity was found.
    #[arg(long, value_enum, default_value_t = FailOn::High)]
    fail_on: FailOn,
    /// The name under which findings of manifests keep their identity from run to run.
    #[arg(long, default_value = "manifests")]
    name: String,
    /// How long reading a cluster may take, in seconds.
    #[arg(long, default_value_t = 300)]
    deadline: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Low,
    Medium,
    High,
    Critical,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Critical => Some(Severity::Critical),
            Self::Never => None,
        }
    }
}

impl Scan {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let choice = self.asked.choice(self.own_checks.catalogue()?)?;
        let settings = self.settings.read()?;
        let kube_bench = crate::ingest::kube_bench::read(&self.kube_bench)?;
        let mut collection = self.collect().await?;
        collection.snapshot.kube_bench = kube_bench;
        let scan = report::Scan::new(
            collection,
            &choice.checks,
            &choice.catalogue,
            &settings,
            chrono::Utc::now(),
        );
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        report::write(self.format, &scan, choice.framework.as_ref(), &mut out)?;
        out.flush()?;
        if let Some(reason) = scan.undecided() {
            anyhow::bail!("nothing could be judged: {reason}");
        }
        let limit = self.fail_on.severity();
        if limit.is_some_and(|limit| scan.worst() >= Some(limit)) {
            return Ok(ExitCode::from(1));
        }
        match &scan.gap {
            Some(gap) => anyhow::bail!("{gap}, so that more may be wrong"),
            None => Ok(ExitCode::SUCCESS),
        }
    }

    async fn collect(&self) -> anyhow::Result<Collection> {
        if self.demo {
            return Ok(crate::demo::collection(chrono::Utc::now())?);
        }
        let collected = if self.manifests.is_empty() {
            let connection = target::connect(&Target::infer(self.context.as_deref())?).await?;
            let limits = Limits {
                deadline: Duration::from_secs(self.deadline),
                probing: self.probing.probing(),
                ..Limits::default()
            };
            collect::live::collect(&connection, &limits, &show_progress).await
        } else {
            collect::files::collect(&self.manifests, &self.name, std::io::stdin())
        };
        clear_progress();
        Ok(collected?)
    }
}

/// A bar on a terminal, and nothing where the output goes elsewhere.
fn show_progress(progress: Progress) {
    let Progress::Collecting {
        kinds_done,
        kinds_total,
        objects,
    } = progress
    else {
        return;
    };
    if std::io::stderr().is_terminal() {
        let done = (30 * kinds_done / kinds_total.max(1)) as usize;
        let bar = "#".repeat(done) + &".".repeat(30 - done.min(30));
        eprint!("\r[{bar}] {kinds_done} of {kinds_total} kinds, {objects} objects");
    }
}

fn clear_progress() {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
}
