//! People who may sign in: their passwords' hashes, their one-time links, their failed tries.

use chrono::{DateTime, Duration, Utc};
use shared::users::User;
use sqlx::{PgConnection, PgPool};

use super::tokens::{self, Maker};
use super::{StoreError, audit};

/// Failed tries of a name that cost no wait.
const FREE_TRIES: i32 = 4;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 300;
/// When a failed try is forgotten.
const MEMORY: Duration = Duration::minutes(30);
/// The longest name that a user can have; tries of longer ones are not worth remembering.
const LONGEST_NAME: usize = 64;

/// All users, by name.
///
/// # Errors
/// The database did not answer.
pub async fn list(db: &PgPool) -> Result<Vec<User>, StoreError> {
    let users = sqlx::query_as!(
        User,
        "select name, admin, created_at, last_sign_in from users order by name"
    );
    Ok(users.fetch_all(db).await?)
}

/// One user.
///
/// # Errors
/// There is no such user, or the database did not answer.
pub async fn get(db: &PgPool, name: &str) -> Result<User, StoreError> {
    let user = sqlx::query_as!(
        User,
        "select name, admin, created_at, last_sign_in from users where name = $1",
        name
    );
    user.fetch_optional(db).await?.ok_or_else(|| no_user(name))
}

fn no_user(name: &str) -> StoreError {
    StoreError::NotFound(format!("There is no user {name}."))
}

/// Adds a user, or takes the one there is, and keeps the hash of a one-time link for them. Their older links are void.
/// A user who is there already becomes an administrator if `admin` says so, and stays one if it does not.
///
/// # Errors
/// The database did not answer.
pub async fn add(
    db: &PgPool,
    actor: &str,
    name: &str,
    admin: bool,
    link: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let insert = sqlx::query!(
        "insert into users (name, admin, created_at) values ($1, $2, $3)
        on conflict (name) do update set admin = users.admin or excluded.admin",
        name,
        admin,
        now
    );
    insert.execute(&mut *tx).await?;
    sqlx::query!(
        "delete from sign_in_links where user_name = $1 or expires_at <= $2",
        name,
        now
    )
    .execute(&mut *tx)
    .await?;
    let insert = sqlx::query!(
        "insert into sign_in_links (hash, user_name, expires_at) values ($1, $2, $3)",
        link,
        name,
        until
    );
    insert.execute(&mut *tx).await?;
    let action = if admin {
        "sign-in link made for administrator"
    } else {
        "sign-in link made"
    };
    audit::append(&mut *tx, now, actor, action, name).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a user with their sessions, their links, the tokens that they made, and what was made with those.
///
/// # Errors
/// There is no such user, nobody would be left to administer, or the database did not answer.
pub async fn remove(db: &PgPool, actor: &str, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // Locked, so that the last two administrators can't remove each other at the same time.
    let admins = sqlx::query_scalar!("select name from users where admin order by name for update");
    let admins = admins.fetch_all(&mut *tx).await?;
    if admins.iter().all(|admin| admin == name) && !admins.is_empty() {
        return Err(StoreError::Conflict(
            "Nobody would be left to administer Plimsoll.".into(),
        ));
    }
    tokens::delete(&mut tx, actor, Maker::User(name), now).await?;
    if sqlx::query!("delete from users where name = $1", name)
        .execute(&mut *tx)
        .await?
        .rows_affected()
        == 0
    {
        return Err(no_user(name));
    }
    audit::append(&mut *tx, now, actor, "user removed", name).await?;
    tx.commit().await?;
    Ok(())
}

/// The hash of a user's password; none where there is no such user, or no password is set.
///
/// # Errors
/// The database did not answer.
pub async fn password_hash(db: &PgPool, name: &str) -> Result<Option<String>, StoreError> {
    let hash = sqlx::query_scalar!("select password_hash from users where name = $1", name);
    Ok(hash.fetch_optional(db).await?.flatten())
}

/// Whether anybody could sign in with a password.
///
/// # Errors
/// The database did not answer.
pub async fn any_has_password(db: &PgPool) -> Result<bool, StoreError> {
    let any = sqlx::query_scalar!(r#"select exists(select from users where password_hash is not null) as "any!""#);
    Ok(any.fetch_one(db).await?)
}

/// Sets a user's password. Their sessions end, save the one whose hash is `kept`.
///
/// # Errors
/// There is no such user, or the database did not answer.
pub async fn set_password(
    db: &PgPool,
    name: &str,
    password_hash: &str,
    kept: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    let update = sqlx::query!(
        "update users set password_hash = $2 where name = $1",
        name,
        password_hash
    );
    if update.execute(&mut *tx).await?.rows_affected() == 0 {
        return Err(no_user(name));
    }
    sqlx::query!("delete from sessions where user_name = $1 and hash <> $2", name, kept)
        .execute(&mut *tx)
        .await?;
    audit::append(&mut *tx, now, name, "password set", name).await?;
    tx.commit().await?;
    Ok(())
}

/// Uses up a one-time link and answers whose it was; none where it was used before, has expired, or never was. The
/// password that was set before is void: who needs a link has lost it, or has none yet.
///
/// # Errors
/// The database did not answer.
pub async fn use_link(db: &PgPool, hash: &[u8], now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
    let mut tx = db.begin().await?;
    let link = sqlx::query_scalar!(
        "delete from sign_in_links where hash = $1 and expires_at > $2 returning user_name",
        hash,
        now
    );
    let Some(name) = link.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    sqlx::query!("update users set password_hash = null where name = $1", name)
        .execute(&mut *tx)
        .await?;
    enter(&mut tx, &name, now).await?;
    audit::append(&mut *tx, now, &name, "signed in by link", &name).await?;
    tx.commit().await?;
    Ok(Some(name))
}

/// Notes that a user signed in, and forgets their failed tries.
///
/// # Errors
/// The database did not answer.
pub async fn signed_in(db: &PgPool, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    enter(&mut tx, name, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn enter(tx: &mut PgConnection, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query!("update users set last_sign_in = $2 where name = $1", name, now)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from sign_in_failures where user_name = $1", name)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// How many seconds a name has to wait before the next try; none where it need not. Doubles with each failure.
///
/// # Errors
/// The database did not answer.
pub async fn sign_in_wait(db: &PgPool, name: &str, now: DateTime<Utc>) -> Result<Option<u64>, StoreError> {
    let tries = sqlx::query!(
        "select failures, last_at from sign_in_failures where user_name = $1",
        name
    );
    let Some(tries) = tries.fetch_optional(db).await? else {
        return Ok(None);
    };
    if tries.last_at <= now - MEMORY || tries.failures <= FREE_TRIES {
        return Ok(None);
    }
    let wait = 2_i64
        .saturating_pow((tries.failures - FREE_TRIES).unsigned_abs())
        .min(LONGEST_WAIT);
    let left = (tries.last_at + Duration::seconds(wait) - now).num_milliseconds();
    // Rounded up, so that nobody is told to come back too early.
    Ok(u64::try_from(left.div_euclid(1000) + 1).ok().filter(|_| left > 0))
}

/// Notes that a try to sign in failed, whether or not there is such a user, and forgets the old ones of everybody.
///
/// # Errors
/// The database did not answer.
pub async fn sign_in_failed(db: &PgPool, name: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query!("delete from sign_in_failures where last_at <= $1", now - MEMORY)
        .execute(db)
        .await?;
    if name.len() > LONGEST_NAME {
        return Ok(());
    }
    let insert = sqlx::query!(
        "insert into sign_in_failures (user_name, failures, last_at) values ($1, 1, $2)
        on conflict (user_name) do update
        set failures = sign_in_failures.failures + 1, last_at = greatest(sign_in_failures.last_at, excluded.last_at)",
        name,
        now
    );
    insert.execute(db).await?;
    Ok(())
}
