//! `plimsoll user`.

use std::process::ExitCode;

use super::database::DatabaseArgs;
use crate::store::users;

/// Add, list and remove the people who may sign in.
#[derive(Debug, clap::Args)]
pub(super) struct User {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Add a user, or make a new sign-in link for one; prints the path of a link that works once, for 24 hours.
    Add {
        /// The name, 1 to 64 of a-z 0-9 . _ @ -
        name: String,
        /// Let them administer Plimsoll: users, tokens, settings.
        #[arg(long)]
        admin: bool,
    },
    /// List all users.
    List,
    /// Remove a user, end their sessions, and revoke the tokens that they made.
    Remove {
        /// The name.
        name: String,
    },
}

impl User {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.open().await?;
        let (db, now) = (&database.pool, chrono::Utc::now());
        match self.command {
            Command::Add { name, admin } => {
                let path = crate::auth::link::add_user(db, "command line", &name, admin, now).await?;
                println!("{name} signs in once at {path} within 24 hours");
            }
            Command::List => {
                for user in users::list(db).await? {
                    let role = if user.admin { "administrator" } else { "viewer" };
                    println!(
                        "{:<24}  {role:<13}  added {}",
                        user.name,
                        user.created_at.format("%Y-%m-%d")
                    );
                }
            }
            Command::Remove { name } => {
                users::remove(db, "command line", &name, now).await?;
                println!("{name} is removed");
            }
        }
        database.stop().await;
        Ok(ExitCode::SUCCESS)
    }
}
