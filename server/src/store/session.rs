//! Sessions of signed-in people, by the hash of their cookie.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::StoreError;

/// The person behind a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUser {
    /// Their name.
    pub user: String,
    /// Whether they administer Plimsoll.
    pub admin: bool,
    /// Whether they have yet to set a password.
    pub needs_password: bool,
}

/// Begins a session, and forgets those that have run out.
///
/// # Errors
/// The database did not answer.
pub async fn create(
    db: &PgPool,
    user: &str,
    hash: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query!("delete from sessions where expires_at <= $1", now)
        .execute(db)
        .await?;
    let insert = sqlx::query!(
        "insert into sessions (hash, user_name, expires_at) values ($1, $2, $3)",
        hash,
        user,
        until
    );
    insert.execute(db).await?;
    Ok(())
}

/// The person behind a session; none where it has run out or never was.
///
/// # Errors
/// The database did not answer.
pub async fn authenticate(db: &PgPool, hash: &[u8], now: DateTime<Utc>) -> Result<Option<SessionUser>, StoreError> {
    let found = sqlx::query_as!(
        SessionUser,
        r#"select u.name as "user", u.admin, u.password_hash is null as "needs_password!"
        from sessions s join users u on u.name = s.user_name where s.hash = $1 and s.expires_at > $2"#,
        hash,
        now
    );
    Ok(found.fetch_optional(db).await?)
}

/// Ends a session.
///
/// # Errors
/// The database did not answer.
pub async fn end(db: &PgPool, hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("delete from sessions where hash = $1", hash)
        .execute(db)
        .await?;
    Ok(())
}
