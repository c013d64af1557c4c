//! `plimsoll network diff`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use analysis::network::change::{State, changes};
use analysis::network::engine::Network;
use analysis::network::known::Known;
use anyhow::{Context, bail};
use shared::network::change::{ChangedPair, Mistake, Proposal};
use shared::network::changes::Changes;

use super::source::{Source, known, whole};
use super::told;
use crate::cli::print::{Format, plain, print};
use crate::collect;
use crate::pairs;

/// Tell what policies would change before they are applied, or what other manifests would.
///
/// Exit code 0: nothing changes. 1: something does. 2: the input, or a part of it that could change the answer, could not be read.
#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    #[command(flatten)]
    source: Source,
    /// Policies that are proposed, as YAML: each is added, or takes the place of the one of its name.
    #[arg(long, value_name = "FILE", required_unless_present = "to")]
    propose: Option<PathBuf>,
    /// Manifests of the whole other state, instead of policies.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "propose")]
    to: Vec<PathBuf>,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Diff {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let before = self.source.known().await?;
        let changes = match &self.propose {
            Some(path) => proposed(&before, path)?,
            None => self.compared(&before)?,
        };
        print(self.format, &changes, table)?;
        whole(&changes.gaps)?;
        Ok(ExitCode::from(u8::from(!changes.pairs.is_empty())))
    }

    fn compared(&self, before: &Known) -> anyhow::Result<Changes> {
        let collection = collect::files::collect(&self.to, "manifests", io::stdin())?;
        let after = known(&collection.snapshot);
        let networks: (Network, Network) = (before.network(), after.network());
        Ok(Changes {
            gaps: changes::gaps(&before.gaps, &after.gaps),
            ..changes::between(state(before, &networks.0), state(&after, &networks.1), usize::MAX)
        })
    }
}

fn proposed(before: &Known, path: &Path) -> anyhow::Result<Changes> {
    let manifests = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let proposal = Proposal {
        manifests,
        deleted: Vec::new(),
    };
    let changes = changes::proposed(state(before, &before.network()), &proposal, usize::MAX);
    if !changes.mistakes.is_empty() {
        let told = changes.mistakes.iter().map(|mistake| mistaken(mistake, path));
        bail!("{}", told.collect::<Vec<_>>().join("\n"))
    }
    Ok(Changes {
        gaps: before.gaps.clone(),
        ..changes
    })
}

fn mistaken(mistake: &Mistake, path: &Path) -> String {
    let line = mistake.line.map(|line| format!(":{line}")).unwrap_or_default();
    let field = match mistake.field.as_str() {
        "" => String::new(),
        field => format!("{field}: "),
    };
    format!("{}{line}: {field}{}", path.display(), plain(&mistake.reason))
}

fn state<'a>(known: &'a Known, network: &'a Network) -> State<'a> {
    State {
        model: &known.model,
        network,
    }
}

fn table(changes: &Changes, out: &mut dyn Write) -> io::Result<()> {
    for pair in &changes.pairs {
        let ChangedPair {
            source,
            destination,
            added,
            removed,
            ..
        } = pair;
        let (source, destination) = (told::end(source), told::end(destination));
        for (sign, ports) in [('+', pairs::ports(added)), ('-', pairs::ports(removed))] {
            if ports != "none" {
                writeln!(out, "{sign} {source} -> {destination}: {ports}")?;
            }
        }
    }
    writeln!(
        out,
        "{} opened, {} cut off",
        changes.summary.opened, changes.summary.cut
    )
}
