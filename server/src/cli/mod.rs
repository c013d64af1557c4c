//! The command line. A command is a file, a variant and an arm here.

mod checks;
mod database;
mod network;
mod openapi;
mod own_checks;
mod pod_security;
mod print;
mod probing;
mod rbac;
mod remote;
mod report;
mod scan;
mod serve;
mod settings;
mod source;
mod token;
mod user;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// How much risk your clusters carry, how that changed, and what to do about it.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch clusters, keep their history, and serve the page and the API.
    Serve(serve::Serve),
    /// Judge a cluster or manifests once, with no server and no database.
    Scan(scan::Scan),
    /// Write a report of how a cluster stands against a framework, for people, spreadsheets or programs.
    Report(report::Report),
    /// Ask who can do what, on a cluster or on manifests.
    Rbac(rbac::Rbac),
    /// Tell what may connect to what, as network policies have it.
    Network(network::Network),
    /// Judge pods and templates of pods by a level of the Pod Security Standards.
    PodSecurity(pod_security::PodSecurity),
    /// Add, list and remove the people who may sign in.
    User(user::User),
    /// Make, list and revoke tokens for programs.
    Token(token::Token),
    /// List the checks, or write their documentation.
    Checks(checks::Checks),
    /// Print the API's description, OpenAPI 3.1, or write the schemas of what commands print.
    Openapi(openapi::Openapi),
    /// Print a completion script for a shell: `plimsoll completions bash`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the command that the arguments name; errors go to standard error, and end with exit code 2.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Serve(command) => block_on(command.run()),
        Command::Scan(command) => block_on(command.run()),
        Command::Report(command) => block_on(command.run()),
        Command::Rbac(command) => block_on(command.run()),
        Command::Network(command) => block_on(command.run()),
        Command::PodSecurity(command) => block_on(command.run()),
        Command::User(command) => block_on(command.run()),
        Command::Token(command) => block_on(command.run()),
        Command::Checks(command) => command.run(),
        Command::Openapi(command) => command.run(),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "plimsoll", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    outcome.unwrap_or_else(|error| {
        // Who read the beginning may not want the rest: `plimsoll … | head`.
        if error.chain().any(is_broken_pipe) {
            return ExitCode::SUCCESS;
        }
        eprintln!("plimsoll: {error:#}");
        ExitCode::from(2)
    })
}

fn is_broken_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    let error: Option<&std::io::Error> = error.downcast_ref();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    // One TLS provider for everything; a second installation could only mean that a test installed it before.
    _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
