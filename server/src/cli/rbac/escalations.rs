//! `plimsoll rbac escalations`.

use std::process::ExitCode;

use analysis::rbac::escalation::Escalation;
use shared::escalations::{Cut, Escalation as Way, Escalations, Sink, SinkCount};
use shared::page::MAX_LIMIT;
use shared::rbac::query::EscalationsQuery;

use super::question::As;
use super::source::Source;
use super::{Format, print, table, unread};
use crate::cli::remote::Remote;

/// List who could become administrator, or read every secret, or take a node or kube-system over: by which steps, resting on
/// which objects, and which changes would stop most of them. With --as and --as-group, the ways of that user and of each of
/// those groups, each by itself.
#[derive(Debug, clap::Args)]
pub(super) struct EscalationsCommand {
    #[command(flatten)]
    who: As,
    /// Only who could reach this.
    #[arg(long, value_parser = sink)]
    sink: Option<Sink>,
    /// Those too whom Kubernetes itself means to.
    #[arg(long)]
    expected: bool,
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

fn sink(text: &str) -> Result<Sink, String> {
    let words = Sink::ALL.map(Sink::as_str);
    let found = Sink::ALL.into_iter().find(|sink| sink.as_str() == text);
    found.ok_or_else(|| format!("it is one of {}", words.join(", ")))
}

impl EscalationsCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let who = self.who.identity_if_any();
        let mut answer = self.answer().await?;
        answer.items.retain(|way| {
            (self.expected || !way.expected)
                && self.sink.is_none_or(|sink| way.sink == sink)
                && who.as_ref().is_none_or(|who| who.is_named_by(&way.subject))
        });
        if who.is_some() {
            // The counts and the cut are of everyone.
            answer.cut = Cut::default();
            answer.sinks.iter_mut().for_each(|count| recount(count, &answer.items));
        }
        print(self.format, &answer, table::escalations)?;
        if answer.complete {
            return Ok(ExitCode::SUCCESS);
        }
        Err(unread(&answer.undecided, "so that there may be more"))
    }

    async fn answer(&self) -> anyhow::Result<Escalations> {
        if let Some(remote) = self.source.remote()? {
            return all(&remote).await;
        }
        let (snapshot, access) = self.source.read_all().await?;
        Ok(Escalation::new(&snapshot, &access).report())
    }
}

fn recount(count: &mut SinkCount, ways: &[Way]) {
    let of = |expected: bool| {
        let ways = ways
            .iter()
            .filter(|way| way.sink == count.sink && way.expected == expected);
        u32::try_from(ways.count()).unwrap_or(u32::MAX)
    };
    (count.subjects, count.expected) = (of(false), of(true));
}

/// All ways that a server tells, page after page.
async fn all(remote: &Remote) -> anyhow::Result<Escalations> {
    let mut query = EscalationsQuery {
        cluster: remote.at.cluster,
        at: remote.at.at,
        expected: true,
        limit: Some(MAX_LIMIT),
        ..EscalationsQuery::default()
    };
    let mut found: Escalations = remote.get("rbac/escalations", &query).await?;
    while let Some(next) = found.next.take() {
        query.cursor = Some(next);
        let page: Escalations = remote.get("rbac/escalations", &query).await?;
        found.items.extend(page.items);
        found.next = page.next;
    }
    Ok(found)
}
