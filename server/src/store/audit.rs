//! What administrators did to Plimsoll itself.

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, PgPool};

use super::StoreError;

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a user, `token NAME`, or `command line`.
    pub actor: String,
    /// What: `token created`.
    pub action: String,
    /// To whom or what.
    pub subject: String,
}

/// Writes an act down, in the transaction that performs it.
pub(super) async fn append(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    actor: &str,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    let insert = sqlx::query!(
        "insert into admin_audit (at, actor, action, subject) values ($1, $2, $3, $4)",
        at,
        actor,
        action,
        subject
    );
    insert.execute(db).await?;
    Ok(())
}

/// The last acts, newest first.
///
/// # Errors
/// The database did not answer.
pub async fn list(db: &PgPool, limit: u32) -> Result<Vec<Act>, StoreError> {
    let acts = sqlx::query_as!(
        Act,
        "select at, actor, action, subject from admin_audit order by audit_id desc limit $1",
        i64::from(limit)
    );
    Ok(acts.fetch_all(db).await?)
}
