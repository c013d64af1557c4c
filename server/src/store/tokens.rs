//! API tokens, by the hash of their secret.

use chrono::{DateTime, Duration, Utc};
use shared::tokens::{NewToken, Scope, Token};
use sqlx::{PgConnection, PgPool};

use super::{StoreError, audit};

/// How exactly the last use of a token is kept.
const USE_KEPT_TO: Duration = Duration::hours(1);

/// Who makes a token: it ends when they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker<'a> {
    /// A user.
    User(&'a str),
    /// Another token.
    Token(i64),
    /// Whoever has the database, and nobody who could go.
    CommandLine,
}

impl<'a> Maker<'a> {
    /// As `made_by_user` and `made_by_token`.
    fn columns(self) -> (Option<&'a str>, Option<i64>) {
        match self {
            Self::User(name) => (Some(name), None),
            Self::Token(id) => (None, Some(id)),
            Self::CommandLine => (None, None),
        }
    }
}

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

/// Keeps a new token, whose secret has this hash. It works until then, but no longer than the token that it is made with.
///
/// # Errors
/// Its maker is not there any more, or the database did not answer.
pub async fn create(
    db: &PgPool,
    (actor, maker): (&str, Maker<'_>),
    new: &NewToken,
    hash: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Token, StoreError> {
    let mut scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    let (user, token) = maker.columns();
    let mut tx = db.begin().await?;
    let end = end_of(&mut tx, maker, now).await?;
    let insert = sqlx::query_as!(
        Row,
        "insert into tokens (hash, name, scopes, created_by, made_by_user, made_by_token, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        returning token_id, name, scopes, created_by, created_at, expires_at, last_used_at",
        hash,
        new.name,
        &scopes,
        actor,
        user,
        token,
        now,
        end.map_or(until, |end| end.min(until))
    );
    let row = insert.fetch_one(&mut *tx).await?;
    let subject = format!("{} {}", row.token_id, row.name);
    audit::append(&mut *tx, now, actor, "token created", &subject).await?;
    tx.commit().await?;
    Ok(row.into())
}

/// When the maker ends; none where that is not known beforehand. Until the transaction ends they can't be removed.
async fn end_of(
    tx: &mut PgConnection,
    maker: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let gone = || StoreError::Conflict("Who asks for the token is not known any more.".into());
    match maker {
        Maker::User(name) => {
            let user = sqlx::query_scalar!("select name from users where name = $1 for key share", name);
            user.fetch_optional(tx).await?.ok_or_else(gone)?;
            Ok(None)
        }
        Maker::Token(id) => {
            let end = sqlx::query_scalar!(
                "select expires_at from tokens where token_id = $1 and expires_at > $2 for key share",
                id,
                now
            );
            end.fetch_optional(tx).await?.ok_or_else(gone).map(Some)
        }
        Maker::CommandLine => Ok(None),
    }
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

/// Revokes a token and what was made with it, and tells how many those are.
///
/// # Errors
/// There is no such token, or the database did not answer.
pub async fn revoke(db: &PgPool, actor: &str, id: i64, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let mut tx = db.begin().await?;
    let gone = delete(&mut tx, actor, Maker::Token(id), now).await?;
    if gone == 0 {
        return Err(StoreError::NotFound(format!("There is no token {id}.")));
    }
    tx.commit().await?;
    Ok(gone - 1)
}

/// Deletes a token, or all that a user made, with all that was made with those; writes each down, and tells how many.
pub(super) async fn delete(
    tx: &mut PgConnection,
    actor: &str,
    root: Maker<'_>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let (user, token) = root.columns();
    let delete = sqlx::query!(
        "with recursive gone as (
            select token_id from tokens where token_id = $1 or made_by_user = $2
            union
            select made.token_id from tokens made join gone on made.made_by_token = gone.token_id
        )
        delete from tokens using gone where tokens.token_id = gone.token_id returning tokens.token_id, tokens.name",
        token,
        user
    );
    let gone = delete.fetch_all(&mut *tx).await?;
    for token in &gone {
        let subject = format!("{} {}", token.token_id, token.name);
        audit::append(&mut *tx, now, actor, "token revoked", &subject).await?;
    }
    Ok(gone.len())
}
