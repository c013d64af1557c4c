//! Keeps storing snapshots in the server's own PostgreSQL until it is killed: for the test that kills it. A line tells each
//! step: that a snapshot is being stored, that a statement of it is done, that it is stored.

use std::io::Write;
use std::path::PathBuf;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use server::database::Database;
use tests::history::Scene;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let directory = std::env::args_os().nth(1).map(PathBuf::from);
    let directory = directory.ok_or_else(|| anyhow::anyhow!("usage: keeper DIRECTORY"))?;
    let database = Database::start(&directory).await?;
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("sqlx::query=debug"))
        .with_ansi(false)
        .init();
    let begin = Utc::now();
    for round in 0.. {
        let scene = scene(round);
        println!("storing");
        std::io::stdout().flush()?;
        // Later than any of the runs before, of which each had seconds.
        let taken_at = begin + TimeDelta::milliseconds(round);
        let stored = scene.store(&database.pool, taken_at).await?;
        println!("stored {stored} {}", scene.snapshot.len());
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// A cluster that differs in all of its objects from round to round, and in their number.
fn scene(round: i64) -> Scene {
    (0..200 + round % 7).fold(Scene::empty(), |scene, number| {
        scene.with(json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": { "name": format!("c{number}"), "namespace": "shop", "labels": { "round": round.to_string() } },
        }))
    })
}
