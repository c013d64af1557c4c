//! What lets people and programs in: passwords, one-time links, tokens, and the secrets of all of them.

pub mod link;
pub mod password;
pub mod secret;
pub mod token;

use crate::store::StoreError;

/// Why nobody could be let in, or nothing be handed out.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// What was asked for makes no sense; says what would.
    #[error("{0}")]
    Invalid(&'static str),
    /// The operating system has no randomness.
    #[error("the operating system has no randomness")]
    Random(#[source] rand::rand_core::OsError),
    /// The database did not answer, or refused.
    #[error("{0}")]
    Store(#[from] StoreError),
}
