//! `plimsoll token`.

use std::process::ExitCode;

use shared::tokens::{NewToken, Scope};

use super::database::DatabaseArgs;
use crate::auth::token;
use crate::store::tokens::{self, Maker};

/// Make, list and revoke tokens for programs.
#[derive(Debug, clap::Args)]
pub(super) struct Token {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a token; its secret is printed this once.
    Create {
        /// What it is for.
        name: String,
        /// What it may do: read, ingest, admin. May be given several times.
        #[arg(long = "scope", default_value = "read", value_parser = scope)]
        scopes: Vec<Scope>,
        /// How many days it works, 1 to 366.
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// List all tokens.
    List,
    /// Revoke a token, and the tokens that were made with it.
    Revoke {
        /// Its id, as `plimsoll token list` prints it.
        id: i64,
    },
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::parse(word).ok_or_else(|| "read, ingest or admin".into())
}

impl Token {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.open().await?;
        let (db, now) = (&database.pool, chrono::Utc::now());
        match self.command {
            Command::Create { name, scopes, days } => {
                let new = NewToken { name, scopes, days };
                let maker = ("command line", Maker::CommandLine);
                println!("{}", token::create(db, maker, &new, now).await?.secret);
            }
            Command::List => {
                for token in tokens::list(db).await? {
                    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
                    println!(
                        "{:<6}  {:<24}  {:<18}  until {}",
                        token.id,
                        token.name,
                        scopes.join(","),
                        token.expires_at.format("%Y-%m-%d")
                    );
                }
            }
            Command::Revoke { id } => match tokens::revoke(db, "command line", id, now).await? {
                0 => println!("token {id} is revoked"),
                made => println!("token {id} is revoked, and {made} that were made with it"),
            },
        }
        database.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}
