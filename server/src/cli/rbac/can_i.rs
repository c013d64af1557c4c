//! `plimsoll rbac can-i`.

use std::process::ExitCode;

use analysis::rbac::access;
use anyhow::bail;
use shared::rbac::query::CanIQuery;
use shared::rbac::{CanI as Answer, Question};

use super::question::{Action, As};
use super::source::Source;
use super::{Format, batch, print, table, unread};
use crate::cli::remote;

/// Ask whether somebody may do something, and why.
///
/// With --batch, standard input holds one question a line, as JSON, and each is answered by a line:
/// {"user":"u","groups":["g"],"verb":"get","group":"","resource":"pods","subresource":"exec","namespace":"n","name":"x"}, or with
/// "path":"/metrics" instead of a resource. Groups are taken as they stand, as a SubjectAccessReview takes them.
#[derive(Debug, clap::Args)]
pub(super) struct CanI {
    #[command(flatten)]
    action: Action,
    #[command(flatten)]
    who: As,
    #[command(flatten)]
    source: Source,
    /// How to print the answer.
    #[arg(long, short = 'o', value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Answer the questions of standard input.
    #[arg(long, conflicts_with_all = ["verb", "resource", "subresource", "name", "namespace", "url", "user", "groups", "format"])]
    batch: bool,
}

impl CanI {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        if self.batch {
            if self.source.takes_stdin() {
                bail!("standard input can't hold both manifests and questions");
            }
            self.answer_batch().await?;
            return Ok(ExitCode::SUCCESS);
        }
        let answer = self.answer().await?;
        print(self.format, &answer, table::can_i)?;
        match answer.allowed {
            Some(true) => Ok(ExitCode::SUCCESS),
            Some(false) => Ok(ExitCode::from(1)),
            None => Err(unread(&answer.undecided, "so that it is not decided")),
        }
    }

    async fn answer(&self) -> anyhow::Result<Answer> {
        let (who, asked) = (self.who.identity()?, self.action.asked()?);
        if let Some(remote) = self.source.remote()? {
            let query = CanIQuery {
                cluster: remote.at.cluster,
                at: remote.at.at,
                groups: remote::list(&who.groups)?,
                user: who.user,
                resource: asked.resource_path(),
                verb: asked.verb,
                namespace: asked.namespace,
                name: asked.name,
                path: asked.path,
            };
            return remote.get("rbac/can-i", &query).await;
        }
        let access = self.source.read().await?;
        let question = asked.question(access.resources());
        let (_, request) = access::request(&question);
        Ok(access.answer(&who, &request, true))
    }

    async fn answer_batch(&self) -> anyhow::Result<()> {
        let (input, output) = (std::io::stdin(), std::io::stdout());
        if let Some(remote) = self.source.remote()? {
            return batch::answer(input, output, async |questions| remote.batch(&questions).await).await;
        }
        let access = self.source.read().await?;
        let ask =
            async |questions: Vec<Question>| Ok(questions.iter().map(|question| access.answer_one(question)).collect());
        batch::answer(input, output, ask).await
    }
}
