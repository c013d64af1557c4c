//! `plimsoll network list`.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use analysis::network::engine::Network;
use analysis::network::known::Known;
use analysis::network::listing;

use super::source::{Source, whole};
use super::told;
use crate::cli::print::Format;

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
            Format::Json => json(&known, &network, &mut out)?,
            Format::Table => table(&known, &network, &mut out)?,
        }
        out.flush()?;
        whole(&known.gaps)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// An array, a pair a line, written as the pairs are found.
fn json(known: &Known, network: &Network, out: &mut impl Write) -> io::Result<()> {
    let mut before = "[\n";
    listing::pairs(&known.model, network, |pair| {
        out.write_all(before.as_bytes())?;
        before = ",\n";
        serde_json::to_writer(&mut *out, &pair).map_err(io::Error::from)
    })?;
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes())
}

fn table(known: &Known, network: &Network, out: &mut impl Write) -> io::Result<()> {
    listing::pairs(&known.model, network, |pair| {
        let (source, destination) = (told::end(&pair.source), told::end(&pair.destination));
        writeln!(out, "{source} -> {destination}: {}", told::ports(&pair.connections))
    })
}
