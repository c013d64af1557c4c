//! All SQL. One file per resource, named as in `shared`, `api` and the page.
//!
//! Reads take the viewer and the snapshot that the answer rests on; they return the types of `shared`, and no row leaves
//! this module. Nothing here reads a clock: instants come in.

pub mod audit;
pub mod changes;
pub mod checks;
pub mod clusters;
pub mod compliance;
mod cursor;
mod filter;
pub mod findings;
pub mod kube_bench;
pub mod namespaces;
pub mod network;
pub mod overview;
pub mod quotas;
pub mod reports;
pub mod session;
pub mod snapshots;
mod text;
pub mod tokens;
pub mod trends;
pub mod users;
pub mod viewer;
pub mod workloads;

use shared::verdict::Severity;
use sqlx::PgPool;

/// Why the store has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing; says which.
    #[error("{0}")]
    NotFound(String),
    /// What is asked contradicts what is stored; says how.
    #[error("{0}")]
    Conflict(String),
    /// A filter or sort makes no sense; says which.
    #[error("{0}")]
    BadQuery(String),
    /// The cursor is not one of ours, or of another list.
    #[error("The cursor makes no sense.")]
    BadCursor,
    /// The database did not answer, or not in time.
    #[error("the database did not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The database answered with an error, or with what we do not understand.
    #[error("the database answered with an error")]
    Database(#[source] sqlx::Error),
    /// What is stored can't be understood.
    #[error("what is stored can't be understood: {0}")]
    Corrupt(String),
}

/// Errors that pass by themselves: the server stops, has no connection left, or cancelled a statement that took too long.
const PASSING: &[&str] = &["53300", "55P03", "57014", "57P01", "57P02", "57P03"];

/// What PostgreSQL says to a NUL in a text, which only a client can have sent.
const NUL: &str = "22021";

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(|error| error.code())
            .unwrap_or_default()
            .into_owned();
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            error if PASSING.contains(&code.as_str()) => Self::Unavailable(error),
            _ if code == NUL => Self::BadQuery("The request holds a NUL.".into()),
            error => Self::Database(error),
        }
    }
}

/// Asks the database for a sign of life.
///
/// # Errors
/// It gives none.
pub async fn ping(db: &PgPool) -> Result<(), StoreError> {
    sqlx::query!("select 1 as life").fetch_one(db).await?;
    Ok(())
}

/// A count as the wire has it.
fn count(stored: i32) -> u32 {
    u32::try_from(stored).unwrap_or_default()
}

/// A count of rows as the wire has it.
fn total(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

/// A count as it is stored.
fn stored(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

/// A severity as it is stored: 0 low to 3 critical.
fn rank(severity: Severity) -> i16 {
    match severity {
        Severity::Low => 0,
        Severity::Medium => 1,
        Severity::High => 2,
        Severity::Critical => 3,
    }
}

/// The severity of that rank.
fn severity(rank: i16) -> Severity {
    match rank {
        0 => Severity::Low,
        1 => Severity::Medium,
        2 => Severity::High,
        _ => Severity::Critical,
    }
}
