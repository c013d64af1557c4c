//! `plimsoll network exposure`.

use std::io::{self, Write};
use std::process::ExitCode;

use analysis::cluster::Cluster;
use analysis::network::exposure::exposure;
use anyhow::{Context, bail};
use chrono::Utc;
use shared::network::answers::ExposureAnswer;
use shared::network::exposure::{Exposure as Answer, Sources, Way};

use super::source::{Source, whole};
use crate::cli::print::{Format, plain, print};

/// Tell which workloads are open to the outside, by what, and to whom policies let it be; and what they may reach there.
#[derive(Debug, clap::Args)]
pub(super) struct Exposure {
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Exposure {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let answer = self.answer().await?;
        print(self.format, &answer, table)?;
        match self.source.is_manifests() {
            // Manifests show no endpoints, and are whole all the same.
            true => answer
                .unread
                .iter()
                .for_each(|gap| eprintln!("plimsoll: {}", plain(gap))),
            false => whole(&answer.unread)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn answer(&self) -> anyhow::Result<Answer> {
        if let Some(remote) = self.source.remote()? {
            let answer: ExposureAnswer = remote.get("network/exposure", &remote.at).await?;
            let why = answer.not_evaluated.unwrap_or_default();
            return answer.exposure.context(why);
        }
        let snapshot = self.source.read_all().await?;
        let cluster = Cluster::new(&snapshot, Utc::now());
        let network = cluster.network();
        match exposure(&cluster, &network.model, &network.network) {
            Ok(answer) => Ok(answer),
            Err(reason) => bail!("{reason}"),
        }
    }
}

fn table(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for way in &answer.ways {
        let (workload, object) = (plain(&way.workload.to_string()), plain(&way.object.to_string()));
        writeln!(
            out,
            "{workload}: by {object}, {} {}: {}",
            way.protocol,
            ports(way),
            sources(&way.sources)
        )?;
    }
    Ok(())
}

fn ports(way: &Way) -> String {
    let told = |port: Option<u16>| port.map_or_else(|| "any".to_owned(), |port| port.to_string());
    format!("{} to {}", told(way.port), told(way.target))
}

fn sources(sources: &Sources) -> String {
    match sources {
        Sources::Addresses { cidrs, .. } if cidrs.is_empty() => "nobody is let in".into(),
        Sources::Addresses { cidrs, .. } => format!("open to {}", cidrs.join(", ")),
        Sources::Controller { workloads, is_let_in } => {
            let names: Vec<String> = workloads.iter().map(|workload| plain(&workload.to_string())).collect();
            let verb = if *is_let_in { "lets in" } else { "cuts off" };
            format!("{verb} {}", names.join(", "))
        }
        Sources::NotKnown { reason } => format!("not known: {}", plain(reason)),
    }
}
