//! How commands print answers.

use std::io::Write;

use serde::Serialize;
use shared::snapshots::KindCoverage;

/// How to print an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Table,
    /// For programs; docs/schemas describes it.
    Json,
}

/// Prints an answer whole, in the format that was asked for.
pub(super) fn print<T: Serialize>(
    format: Format,
    answer: &T,
    table: impl FnOnce(&T, &mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match format {
        Format::Table => table(answer, &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, answer)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

/// Names come from whoever wrote the object: they move no cursor, and end no line to forge another.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// An error that says what could not be read, and what follows.
pub(super) fn unread(kinds: &[KindCoverage], consequence: &str) -> anyhow::Error {
    let reasons = kinds.iter().map(|kind| {
        let why = match kind.outcome.reason() {
            "" => kind.outcome.word(),
            reason => reason,
        };
        format!("{} could not be read ({why})", kind.resource)
    });
    anyhow::anyhow!("{}, {consequence}", reasons.collect::<Vec<_>>().join(", "))
}
