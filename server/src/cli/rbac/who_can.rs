//! `plimsoll rbac who-can`.

use std::process::ExitCode;

use analysis::rbac::access;
use shared::rbac::WhoCan as Answer;
use shared::rbac::query::WhoCanQuery;

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
        let answer = self.answer().await?;
        print(self.format, &answer, table::who_can)?;
        if answer.complete {
            return Ok(ExitCode::SUCCESS);
        }
        Err(unread(&answer.undecided, "so that there may be more"))
    }

    async fn answer(&self) -> anyhow::Result<Answer> {
        let asked = self.action.asked()?;
        if let Some(remote) = self.source.remote()? {
            let query = WhoCanQuery {
                cluster: remote.at.cluster,
                at: remote.at.at,
                resource: asked.resource_path(),
                verb: asked.verb,
                namespace: asked.namespace,
                name: asked.name,
                path: asked.path,
            };
            return remote.get("rbac/who-can", &query).await;
        }
        let access = self.source.read().await?;
        let question = asked.question(access.resources());
        Ok(access.holders(&access::request(&question).1))
    }
}
