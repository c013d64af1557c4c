//! Where the data is kept: what `serve`, `user` and `token` have in common.

use std::path::PathBuf;

use anyhow::Context;

use crate::database::Database;

/// Where the data is kept.
#[derive(Debug, clap::Args)]
pub(super) struct DatabaseArgs {
    /// A PostgreSQL, from version 14. Without it the server runs one of its own in --data.
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    database_url: Option<String>,
    /// The folder of the server's own database.
    #[arg(long, global = true, env = "PLIMSOLL_DATA", default_value_os_t = default_data(), value_name = "FOLDER")]
    data: PathBuf,
}

fn default_data() -> PathBuf {
    let home = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let state = home("XDG_STATE_HOME").or_else(|| home("HOME").map(|home| home.join(".local/state")));
    state.unwrap_or_else(|| PathBuf::from("/var/lib")).join("plimsoll")
}

impl DatabaseArgs {
    /// Connects to the database that the arguments name; starts the server's own where it does not run yet.
    pub(super) async fn open(&self) -> anyhow::Result<Database> {
        let database = match &self.database_url {
            Some(url) => Database::connect(url).await,
            None => Database::join(&self.data).await,
        };
        database.context("there is no database to work with")
    }

    /// The same for the server itself, of which there is one over a folder.
    pub(super) async fn serve(&self) -> anyhow::Result<Database> {
        let database = match &self.database_url {
            Some(url) => Database::connect(url).await,
            None => Database::start(&self.data).await,
        };
        database.context("there is no database to work with")
    }
}
