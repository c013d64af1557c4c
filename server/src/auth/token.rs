//! Making API tokens.

use chrono::{DateTime, Duration, Utc};
use shared::tokens::{CreatedToken, NewToken};
use sqlx::PgPool;

use super::{AuthError, secret};
use crate::store::tokens::{self, Maker};

/// Makes a token, which ends when its maker does. Its secret begins with `plimsoll_`, by which scanners of repositories recognise a leaked one.
///
/// # Errors
/// Name, scopes or days make no sense, the maker is gone, or the database did not answer.
pub async fn create(
    db: &PgPool,
    maker: (&str, Maker<'_>),
    new: &NewToken,
    now: DateTime<Utc>,
) -> Result<CreatedToken, AuthError> {
    let problem = match new {
        NewToken { name, .. } if name.trim().is_empty() || name.chars().count() > 100 => {
            Some("A token's name has 1 to 100 characters.")
        }
        NewToken { scopes, .. } if scopes.is_empty() => Some("A token has at least one scope."),
        NewToken { days, .. } if !(1..=366).contains(days) => Some("A token works 1 to 366 days."),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(AuthError::Invalid(problem));
    }
    let secret = format!("plimsoll_{}", secret::generate().map_err(AuthError::Random)?);
    let until = now + Duration::days(i64::from(new.days));
    let token = tokens::create(db, maker, new, &secret::hash(&secret), now, until).await?;
    Ok(CreatedToken { token, secret })
}
