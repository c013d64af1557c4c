//! `plimsoll network coverage`.

use std::io::{self, Write};
use std::process::ExitCode;

use analysis::network::coverage::coverage;
use shared::network::coverage::{Coverage as Answer, Extent, Isolation};

use super::source::{Source, whole};
use crate::cli::print::{Format, plain, print};

/// Tell how far policies cover each namespace: whether what no rule speaks of is denied, and how many of its pods are isolated.
#[derive(Debug, clap::Args)]
pub(super) struct Coverage {
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Coverage {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let known = self.source.known().await?;
        // What was not read would be told as what is not there.
        whole(&known.gaps)?;
        print(self.format, &coverage(&known.model, &known.network()), table)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn table(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for namespace in &answer.namespaces {
        let protection = &namespace.protection;
        writeln!(
            out,
            "{}: {} pods; ingress {}; egress {}",
            plain(&namespace.name),
            protection.pods,
            told(&protection.ingress),
            told(&protection.egress)
        )?;
    }
    Ok(())
}

fn told(isolation: &Isolation) -> String {
    let by_default = match isolation.default_deny {
        Extent::All => "denied by default",
        Extent::Some => "denied for some",
        Extent::None => "open",
    };
    format!("{by_default}, {} isolated", isolation.pods)
}
