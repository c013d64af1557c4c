//! Passwords, by argon2id with the parameters that its crate recommends.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::TryRngCore;

/// The fewest characters of a new password.
pub const MIN_LENGTH: usize = 12;
/// The most bytes: hashing is not a way to keep the server busy.
pub const MAX_LENGTH: usize = 1024;

/// Why a password can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is too short.
    #[error("a password has at least {MIN_LENGTH} characters")]
    TooShort,
    /// It is too long.
    #[error("a password has at most {MAX_LENGTH} bytes")]
    TooLong,
    /// The operating system has no randomness.
    #[error("the operating system has no randomness")]
    Random(#[source] rand::rand_core::OsError),
    /// Hashing went wrong.
    #[error("the password could not be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

/// Hashes a new password, as a PHC string. Takes a fifth of a second on purpose: call it where blocking is allowed.
///
/// # Errors
/// It is too short or too long.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < MIN_LENGTH {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_LENGTH {
        return Err(PasswordError::TooLong);
    }
    hash_any(password)
}

fn hash_any(password: &str) -> Result<String, PasswordError> {
    let mut salt = [0; 16];
    rand::rngs::OsRng
        .try_fill_bytes(&mut salt)
        .map_err(PasswordError::Random)?;
    let salt = SaltString::encode_b64(&salt).map_err(PasswordError::Hash)?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(PasswordError::Hash)?;
    Ok(hash.to_string())
}

/// Whether the password is the one of that hash. Without a hash (no such user, or none set) it takes as long, and says no.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.len() > MAX_LENGTH {
        return false;
    }
    let Some(parsed) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        _ = hash_any(password);
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_verifies_against_its_own_hash_only() {
        let stored = hash("correct horse battery").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse battery", Some(&stored)));
        assert!(!verify("correct horse batterz", Some(&stored)));
        assert!(!verify("correct horse battery", None));
    }

    #[test]
    fn eleven_characters_are_too_few() {
        assert!(matches!(hash("elevenchars"), Err(PasswordError::TooShort)));
    }
}
