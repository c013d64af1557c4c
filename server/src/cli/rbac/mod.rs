//! `plimsoll rbac`: who can do what, on a cluster, on manifests or on a server. A question is a file, a variant and an arm here.

mod batch;
mod can_i;
mod escalations;
mod question;
mod source;
mod table;
mod what_can;
mod who_can;

use std::process::ExitCode;

use super::print::{Format, print, unread};

/// Who can do what, and by which roles and bindings: exactly as the API server decides it.
///
/// Only roles and bindings are looked at. What a cluster lets through by other means (the Node authoriser, webhooks, a cloud's
/// own permissions) is not.
///
/// Exit code 0: answered. 1: answered with "no", outside of a batch. 2: the input, or a part of it that could change the
/// answer, could not be read.
#[derive(Debug, clap::Args)]
pub(super) struct Rbac {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    /// Ask whether somebody may do something, and why.
    CanI(can_i::CanI),
    /// List everyone who can do something.
    WhoCan(who_can::WhoCan),
    /// List everything that somebody can do, in the shortest equivalent rules.
    WhatCan(what_can::WhatCan),
    /// List who could become administrator, and how.
    Escalations(escalations::EscalationsCommand),
}

impl Rbac {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.question {
            Question::CanI(command) => command.run().await,
            Question::WhoCan(command) => command.run().await,
            Question::WhatCan(command) => command.run().await,
            Question::Escalations(command) => command.run().await,
        }
    }
}
