//! `plimsoll network list`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use analysis::network::engine::Network;
use analysis::network::known::Known;
use analysis::network::listing;

use super::source::{Source, whole};
use super::told;
use crate::cli::print::Format;
use crate::pairs;

/// List every pair of workloads, and of workloads and outside addresses, between which something may pass.
///
/// A workload of whose pods policies tell some from others is listed once for each sort, as name#1, name#2.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl List {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let known = self.source.known().await?;
        let network = known.network();
        let mut out = BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Json => pairs::json((&known.model, &network), |_| true, &mut out)?,
            Format::Table => table(&known, &network, &mut out)?,
        }
        out.flush()?;
        whole(&known.gaps)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn table(known: &Known, network: &Network, out: &mut impl Write) -> io::Result<()> {
    listing::pairs(&known.model, network, |pair| {
        let (source, destination) = (told::end(&pair.source), told::end(&pair.destination));
        writeln!(out, "{source} -> {destination}: {}", pairs::ports(&pair.connections))
    })
}
