//! `plimsoll rbac what-can`.

use std::process::ExitCode;

use shared::rbac::WhatCan as Answer;
use shared::rbac::query::WhatCanQuery;

use super::question::As;
use super::source::Source;
use super::{Format, print, table, unread};
use crate::cli::remote;

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
        let answer = self.answer().await?;
        print(self.format, &answer, table::what_can)?;
        if answer.complete {
            return Ok(ExitCode::SUCCESS);
        }
        Err(unread(&answer.undecided, "so that there may be more"))
    }

    async fn answer(&self) -> anyhow::Result<Answer> {
        let who = self.who.identity()?;
        if let Some(remote) = self.source.remote()? {
            let query = WhatCanQuery {
                cluster: remote.at.cluster,
                at: remote.at.at,
                groups: remote::list(&who.groups)?,
                user: who.user,
                namespace: self.namespace.clone(),
            };
            return remote.get("rbac/what-can", &query).await;
        }
        let access = self.source.read().await?;
        Ok(access.permissions(&who, self.namespace.as_deref()))
    }
}
