//! `plimsoll rbac can-i`.

use std::process::ExitCode;

use analysis::rbac::access;
use anyhow::bail;

use super::question::{Action, As};
use super::source::Source;
use super::{Format, batch, print, table, unread};

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
            let access = self.source.read().await?;
            batch::answer(&access, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())?;
            return Ok(ExitCode::SUCCESS);
        }
        let who = self.who.identity()?;
        let access = self.source.read().await?;
        let question = self.action.question(access.resources())?;
        let (_, request) = access::request(&question);
        let answer = access.answer(&who, &request, true);
        print(self.format, &answer, table::can_i)?;
        match answer.allowed {
            Some(true) => Ok(ExitCode::SUCCESS),
            Some(false) => Ok(ExitCode::from(1)),
            None => Err(unread(&answer.undecided, "so that it is not decided")),
        }
    }
}
