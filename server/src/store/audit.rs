//! What administrators did to Plimsoll itself.

use chrono::{DateTime, Utc};
use shared::audit::{Act, AuditQuery};
use shared::page::Page;
use sqlx::{PgExecutor, PgPool};

use super::{StoreError, cursor, filter, total};

struct Row {
    audit_id: i64,
    at: DateTime<Utc>,
    actor: String,
    action: String,
    subject: String,
}

impl From<Row> for Act {
    fn from(row: Row) -> Self {
        Self {
            at: row.at,
            actor: row.actor,
            action: row.action,
            subject: row.subject,
        }
    }
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

/// A page of acts, newest first.
///
/// # Errors
/// The cursor makes no sense, or the database did not answer.
pub async fn list(db: &PgPool, query: &AuditQuery) -> Result<Page<Act>, StoreError> {
    let before = cursor::below(query.cursor.as_deref())?;
    let limit = filter::limit(query.limit);
    let rows = sqlx::query_as!(
        Row,
        "select audit_id, at, actor, action, subject from admin_audit where audit_id < $1 order by audit_id desc limit $2",
        before,
        limit + 1
    );
    let mut rows = rows.fetch_all(db).await?;
    let next = cursor::next(&mut rows, limit, |row| cursor::encode(&[&row.audit_id.to_string()]));
    let all = sqlx::query_scalar!(r#"select count(*) as "count!" from admin_audit"#);
    Ok(Page {
        total: total(all.fetch_one(db).await?),
        items: rows.into_iter().map(Act::from).collect(),
        next,
    })
}
