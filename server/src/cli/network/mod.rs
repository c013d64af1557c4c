//! `plimsoll network`: what may connect to what, on a cluster or on manifests. A question is a file, a variant and an arm here.

mod list;

use std::process::ExitCode;

/// What may connect to what, as network policies have it.
///
/// NetworkPolicy, ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy are looked at. Whether the cluster's
/// network plugin enforces them, and what its own kinds of policies add, is not.
///
/// Exit code 0: answered. 2: the input, or a part of it that could change the answer, could not be read.
#[derive(Debug, clap::Args)]
pub(super) struct Network {
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, clap::Subcommand)]
enum Question {
    /// List every pair of workloads, and of workloads and outside addresses, between which something may pass.
    List(list::List),
}

impl Network {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.question {
            Question::List(command) => command.run().await,
        }
    }
}
