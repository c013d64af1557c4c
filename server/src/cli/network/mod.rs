//! `plimsoll network`: what may connect to what, on a cluster, on manifests or on a server. A question is a file, a variant and an arm
//! here.

mod coverage;
mod diff;
mod exposure;
mod list;
mod reach;
mod source;
mod told;

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
    /// Tell what can reach a workload and what it can reach, with the policies that say so.
    Reach(reach::Reach),
    /// Tell how far policies cover each namespace.
    Coverage(coverage::Coverage),
    /// Tell which workloads are open to the outside, and what they may reach there.
    Exposure(exposure::Exposure),
    /// Tell what policies would change before they are applied.
    Diff(diff::Diff),
}

impl Network {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.question {
            Question::List(command) => command.run().await,
            Question::Reach(command) => command.run().await,
            Question::Coverage(command) => command.run().await,
            Question::Exposure(command) => command.run().await,
            Question::Diff(command) => command.run().await,
        }
    }
}
