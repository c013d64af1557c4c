//! `plimsoll report`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use analysis::catalogue::Catalogue;
use analysis::checks::CHECKS;
use analysis::framework::with_own;
use analysis::settings::Settings;
use shared::frameworks::Framework;
use shared::reports::document::ReportCluster;
use shared::reports::{MadeReport, NewReport, ReportFormat};
use shared::snapshots::Which;

use super::own_checks::OwnChecks;
use super::probing::ProbingArgs;
use super::remote::{Remote, RemoteArgs};
use super::scan::asked::{built_in, own};
use super::settings::SettingsArgs;
use crate::collect::live::Limits;
use crate::collect::target::{self, Target};
use crate::collect::{self, Collection};
use crate::compliance::Known;
use crate::ingest::kube_bench;
use crate::report::weekly::{self, Moment, Sources};

/// Write a report of how a cluster stands against a framework: on one look, or with --server on what the server keeps, which tells
/// what moved too. It goes to standard output.
///
/// Exit code 0: it is written. 2: the input, or part of it, could not be read.
#[derive(Debug, clap::Args)]
pub(super) struct Report {
    /// The framework, such as cis-1.12.
    #[arg(long, value_name = "ID", required_unless_present = "framework_file")]
    framework: Option<String>,
    /// A framework of your own, written in this file.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["framework", "server"])]
    framework_file: Option<PathBuf>,
    /// Read manifests instead of a cluster: files, folders, .tar.gz, or - for standard input.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    manifests: Vec<PathBuf>,
    /// The kubeconfig's context to read; the current one, if left out.
    #[arg(long, conflicts_with = "manifests")]
    context: Option<String>,
    /// Read the demo cluster, as it stands on its last day.
    #[arg(long, conflicts_with_all = ["manifests", "context", "server"])]
    demo: bool,
    /// The name under which manifests are told of.
    #[arg(long, default_value = "manifests")]
    name: String,
    /// Take in what kube-bench found on nodes: files of its JSON output, each named after its node.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "server")]
    kube_bench: Vec<PathBuf>,
    #[command(flatten)]
    own_checks: OwnChecks,
    #[command(flatten)]
    probing: ProbingArgs,
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(flatten)]
    remote: RemoteArgs,
    /// The form of the report.
    #[arg(long, short = 'o', value_enum, default_value_t = Form::Html)]
    format: Form,
    /// How long reading a cluster may take, in seconds.
    #[arg(long, default_value_t = 300)]
    deadline: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One file for people, that prints well.
    Html,
    /// One row for each control.
    Csv,
    /// Everything, for programs.
    Json,
}

impl From<Form> for ReportFormat {
    fn from(form: Form) -> Self {
        match form {
            Form::Html => Self::Html,
            Form::Csv => Self::Csv,
            Form::Json => Self::Json,
        }
    }
}

impl Report {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let gap = match self.remote.remote()? {
            Some(remote) => {
                print(&self.ask(&remote).await?)?;
                None
            }
            None => {
                let catalogue = self.own_checks.catalogue()?;
                let framework = self.framework(&catalogue)?;
                let (settings, kube_bench) = (self.settings.read()?, kube_bench::read(&self.kube_bench)?);
                let mut collection = self.collect().await?;
                collection.snapshot.kube_bench = kube_bench;
                let gap = collection.snapshot.gap.clone();
                print(self.write(&framework, (catalogue, &settings), collection)?.as_bytes())?;
                gap
            }
        };
        match gap {
            Some(gap) => anyhow::bail!("{gap}, so that more may be wrong"),
            None => Ok(ExitCode::SUCCESS),
        }
    }

    /// Has a server make the report, and gets it.
    async fn ask(&self, remote: &Remote) -> anyhow::Result<Vec<u8>> {
        let new = NewReport {
            framework: self.framework.clone().unwrap_or_default(),
            cluster: remote.at.cluster,
            at: remote.at.at,
        };
        let MadeReport { report: made, is_new } = remote.make("reports", &new).await?;
        if !is_new {
            eprintln!("plimsoll: there was a report of this snapshot already; it stays as it was written");
        }
        let path = format!("reports/{}.{}", made.id, ReportFormat::from(self.format).as_str());
        let which = Which {
            cluster: Some(made.cluster),
        };
        Ok(remote.file(&path, &which).await?.to_vec())
    }

    fn framework(&self, catalogue: &Catalogue) -> anyhow::Result<Framework> {
        let framework = match (&self.framework, &self.framework_file) {
            (Some(id), _) => built_in(id)?,
            (None, Some(path)) => own(path, catalogue)?,
            (None, None) => anyhow::bail!("there is no framework to hold anything against"),
        };
        Ok(with_own(&framework, catalogue))
    }

    async fn collect(&self) -> anyhow::Result<Collection> {
        if self.demo {
            return Ok(crate::demo::collection(chrono::Utc::now())?);
        }
        if !self.manifests.is_empty() {
            return Ok(collect::files::collect(&self.manifests, &self.name, std::io::stdin())?);
        }
        let connection = target::connect(&Target::infer(self.context.as_deref())?).await?;
        let limits = Limits {
            deadline: Duration::from_secs(self.deadline),
            probing: self.probing.probing(),
            ..Limits::default()
        };
        Ok(collect::live::collect(&connection, &limits, &|_| {}).await?)
    }

    fn write(
        &self,
        framework: &Framework,
        (catalogue, settings): (Catalogue, &Settings),
        collection: Collection,
    ) -> anyhow::Result<String> {
        let taken_at = chrono::Utc::now();
        let judged = analysis::run_all(CHECKS, &catalogue, &collection.snapshot, settings, taken_at);
        let sources = Sources {
            cluster: ReportCluster {
                id: collection.id,
                name: collection.name,
                version: collection.snapshot.version.clone(),
            },
            now: Moment {
                taken_at,
                snapshot: None,
                catalogue: catalogue.release(settings),
                known: Known::judged(&judged, collection.id, collection.snapshot.kube_bench.clone()),
            },
            kinds: collection.snapshot.coverage(),
            warnings: collection.warnings,
            before: None,
            catalogue,
        };
        let report = weekly::report(framework, &sources);
        Ok(weekly::write(&report, self.format.into())?)
    }
}

fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}
