//! `plimsoll rbac who-can`.

use std::process::ExitCode;

use analysis::rbac::access;

use super::question::Action;
use super::source::Source;
use super::{Format, print, table, unread};

/// List everyone who can do something: users, groups and service accounts, with the bindings and roles that let them.
#[derive(Debug, clap::Args)]
pub(super) struct WhoCan {
    #[command(flatten)]
    action: Action,
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl WhoCan {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let access = self.source.read().await?;
        let question = self.action.question(access.resources())?;
        let answer = access.holders(&access::request(&question).1);
        print(self.format, &answer, table::who_can)?;
        if answer.complete {
            return Ok(ExitCode::SUCCESS);
        }
        Err(unread(&answer.undecided, "so that there may be more"))
    }
}
