//! `plimsoll rbac what-can`.

use std::process::ExitCode;

use super::question::As;
use super::source::Source;
use super::{Format, print, table, unread};

/// List everything that somebody can do, place by place, in the shortest equivalent rules.
#[derive(Debug, clap::Args)]
pub(super) struct WhatCan {
    #[command(flatten)]
    who: As,
    /// Only what holds in this namespace, and in the whole cluster.
    #[arg(long, short)]
    namespace: Option<String>,
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl WhatCan {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let who = self.who.identity()?;
        let access = self.source.read().await?;
        let answer = access.permissions(&who, self.namespace.as_deref());
        print(self.format, &answer, table::what_can)?;
        if answer.complete {
            return Ok(ExitCode::SUCCESS);
        }
        Err(unread(&answer.undecided, "so that there may be more"))
    }
}
