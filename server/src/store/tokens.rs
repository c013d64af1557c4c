//! API tokens, by the hash of their secret.

use chrono::{DateTime, Duration, Utc};
use shared::tokens::{NewToken, Scope, Token};
use sqlx::PgPool;

use super::{StoreError, audit};

/// How exactly the last use of a token is kept.
const USE_KEPT_TO: Duration = Duration::hours(1);

struct Row {
    token_id: i64,
    name: String,
    scopes: Vec<String>,
    created_by: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Row> for Token {
    fn from(row: Row) -> Self {
        Self {
            id: row.token_id,
            name: row.name,
            scopes: row.scopes.iter().filter_map(|word| Scope::parse(word)).collect(),
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// All tokens, the newest first.
///
/// # Errors
/// The database did not answer.
pub async fn list(db: &PgPool) -> Result<Vec<Token>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        "select token_id, name, scopes, created_by, created_at, expires_at, last_used_at from tokens
        order by token_id desc"
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Token::from).collect())
}

/// Keeps a new token, whose secret has this hash.
///
/// # Errors
/// The database did not answer.
pub async fn create(
    db: &PgPool,
    actor: &str,
    new: &NewToken,
    hash: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Token, StoreError> {
    let mut scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    let mut tx = db.begin().await?;
    let insert = sqlx::query_as!(
        Row,
        "insert into tokens (hash, name, scopes, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
        returning token_id, name, scopes, created_by, created_at, expires_at, last_used_at",
        hash,
        new.name,
        &scopes,
        actor,
        now,
        until
    );
    let row = insert.fetch_one(&mut *tx).await?;
    audit::append(
        &mut *tx,
        now,
        actor,
        "token created",
        &format!("{} {}", row.token_id, row.name),
    )
    .await?;
    tx.commit().await?;
    Ok(row.into())
}

/// The token whose secret has this hash; none where it has expired or never was. Keeps its last use, to the hour.
///
/// # Errors
/// The database did not answer.
pub async fn authenticate(db: &PgPool, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Token>, StoreError> {
    let find = sqlx::query_as!(
        Row,
        "select token_id, name, scopes, created_by, created_at, expires_at, last_used_at from tokens
        where hash = $1 and expires_at > $2",
        hash,
        now
    );
    let Some(row) = find.fetch_optional(db).await? else {
        return Ok(None);
    };
    if row.last_used_at.is_none_or(|last| last <= now - USE_KEPT_TO) {
        sqlx::query!(
            "update tokens set last_used_at = $2 where token_id = $1",
            row.token_id,
            now
        )
        .execute(db)
        .await?;
    }
    Ok(Some(row.into()))
}

/// Revokes a token.
///
/// # Errors
/// There is no such token, or the database did not answer.
pub async fn revoke(db: &PgPool, actor: &str, id: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let gone = sqlx::query_scalar!("delete from tokens where token_id = $1 returning name", id);
    let gone = gone.fetch_optional(&mut *tx).await?;
    let name = gone.ok_or_else(|| StoreError::NotFound(format!("There is no token {id}.")))?;
    audit::append(&mut *tx, now, actor, "token revoked", &format!("{id} {name}")).await?;
    tx.commit().await?;
    Ok(())
}
