//! What a command reads: a cluster, or manifests.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use analysis::model::Kind;

use crate::collect::live::Limits;
use crate::collect::target::{self, Target};
use crate::collect::{self, Collection};

#[derive(Debug, clap::Args)]
pub(super) struct Source {
    /// Read manifests instead of a cluster: files, folders, .tar.gz, or - for standard input.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    manifests: Vec<PathBuf>,
    /// The kubeconfig's context to read; the current one, if left out.
    #[arg(long, conflicts_with = "manifests")]
    context: Option<String>,
    /// How long reading a cluster may take, in seconds.
    #[arg(long, default_value_t = 300)]
    deadline: u64,
}

impl Source {
    /// Reads these kinds of a cluster, or all that manifests show, and says on standard error what went wrong with parts of it.
    pub(super) async fn read(&self, kinds: &'static [Kind]) -> anyhow::Result<Collection> {
        let collection = match self.is_manifests() {
            true => collect::files::collect(&self.manifests, "manifests", io::stdin())?,
            false => self.read_cluster(kinds).await?,
        };
        for warning in &collection.warnings {
            eprintln!("plimsoll: {warning}");
        }
        Ok(collection)
    }

    async fn read_cluster(&self, kinds: &'static [Kind]) -> anyhow::Result<Collection> {
        let connection = target::connect(&Target::infer(self.context.as_deref())?).await?;
        let limits = Limits {
            deadline: Duration::from_secs(self.deadline),
            kinds,
            ..Limits::default()
        };
        Ok(collect::live::collect(&connection, &limits, &|_| {}).await?)
    }

    /// Whether manifests are read, and no cluster.
    pub(super) fn is_manifests(&self) -> bool {
        !self.manifests.is_empty()
    }

    /// Whether standard input holds the manifests, and nothing else can be read from it.
    pub(super) fn takes_stdin(&self) -> bool {
        self.manifests.iter().any(|path| path == Path::new("-"))
    }
}
