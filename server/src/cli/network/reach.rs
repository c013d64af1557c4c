//! `plimsoll network reach`.

use std::io::{self, Write};
use std::process::ExitCode;

use analysis::network::reach;
use anyhow::Context;
use shared::network::SideVerdict;
use shared::network::reach::{Named, Peer, Reach as Answer, Side};

use super::source::{Source, whole};
use super::told;
use crate::cli::print::{Format, plain, print};
use crate::pairs;

/// Tell what can reach a workload, a pod or an address and what it can reach, with the policies that say so.
#[derive(Debug, clap::Args)]
pub(super) struct Reach {
    /// Whose reach: namespace/Kind/name, or an address.
    #[arg(value_name = "OF", value_parser = |text: &str| text.parse::<Named>())]
    of: Named,
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Reach {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let known = self.source.known().await?;
        let answer = reach::reach(&known.model, &known.network(), &self.of).context("there is nothing of that name")?;
        let answer = Answer {
            gaps: known.gaps,
            ..answer
        };
        print(self.format, &answer, table)?;
        whole(&answer.gaps)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn table(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for sort in &answer.sorts {
        let name = told::end(&sort.end);
        writeln!(out, "{name} is reached by")?;
        side(out, &sort.ingress, &answer.verdicts)?;
        writeln!(out, "{name} reaches")?;
        side(out, &sort.egress, &answer.verdicts)?;
    }
    Ok(())
}

fn side(out: &mut dyn Write, side: &Side, verdicts: &[SideVerdict]) -> io::Result<()> {
    for peer in &side.peers {
        let (end, ports) = (told::end(&peer.end), pairs::ports(&peer.connections));
        writeln!(out, "  {end}: {ports}{}", why(peer, verdicts))?;
    }
    if side.policies.is_empty() {
        return writeln!(out, "  no policy speaks of it");
    }
    let policies: Vec<String> = side.policies.iter().map(|policy| plain(&policy.to_string())).collect();
    writeln!(out, "  cut off from {} others by {}", side.cut, policies.join(", "))
}

/// The rules of either side that let it through.
fn why(peer: &Peer, verdicts: &[SideVerdict]) -> String {
    if peer.shares_node {
        return ", by its node, over which policies have no say".into();
    }
    let said = [peer.out, peer.into]
        .into_iter()
        .filter_map(|place| verdicts.get(place));
    let rules = said.flat_map(|verdict| &verdict.said);
    let rules = rules.filter_map(|said| Some(plain(&format!("{} {}", said.policy, said.rule.as_ref()?))));
    let rules: Vec<String> = rules.collect();
    match rules.is_empty() {
        true => String::new(),
        false => format!(", by {}", rules.join(", ")),
    }
}
