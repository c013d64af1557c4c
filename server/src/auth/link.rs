//! One-time sign-in links, by which a person comes in for the first time.

use chrono::{DateTime, Duration, Utc};
use sqlx::PgPool;

use super::{AuthError, secret};
use crate::store::users;

/// How long a link works.
const LIFETIME: Duration = Duration::hours(24);

/// Adds a user, or finds the one there is, and makes a link for them; answers its path. The secret stands in the
/// fragment, which browsers send to nobody: it appears in no log.
///
/// # Errors
/// The name makes no sense, or the database did not answer.
pub async fn add_user(
    db: &PgPool,
    actor: &str,
    name: &str,
    admin: bool,
    now: DateTime<Utc>,
) -> Result<String, AuthError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._@-".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
        return Err(AuthError::Invalid("A user's name is 1 to 64 of a-z 0-9 . _ @ -"));
    }
    let secret = secret::generate().map_err(AuthError::Random)?;
    users::add(db, actor, name, admin, &secret::hash(&secret), now, now + LIFETIME).await?;
    Ok(format!("/sign-in/link#{secret}"))
}
