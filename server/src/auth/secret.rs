//! Secrets that Plimsoll hands out: session cookies, tokens, sign-in links. Only their hash is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use sha2::{Digest, Sha256};

/// A new secret of 256 bits, in 43 characters that fit a URL and a header.
///
/// # Errors
/// The operating system has no randomness.
pub fn generate() -> Result<String, rand::rand_core::OsError> {
    let mut bytes = [0; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a secret. A plain hash is enough, since 256 random bits can't be guessed; looking up by it compares
/// no secret byte by byte.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hash_the_same_each_time() {
        let (a, b) = (generate().unwrap(), generate().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.len(), 43);
        assert_eq!(hash(&a), hash(&a));
    }
}
