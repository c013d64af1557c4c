//! Signing in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Path: POST signs in, GET tells who is signed in, DELETE signs out.
pub const PATH: &str = "/api/v1/session";

/// How a person signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "with")]
pub enum SignIn {
    /// Name and password.
    Password {
        /// The user's name.
        user: String,
        /// The password.
        password: String,
    },
    /// The one-time link printed at first start, or made by `plimsoll user add`.
    Link {
        /// The secret in the link.
        secret: String,
    },
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The user's name, or the token's.
    pub user: String,
    /// Whether a password is still to be set: signed in by a one-time link.
    pub needs_password: bool,
    /// What may be done.
    pub scopes: Vec<crate::tokens::Scope>,
    /// The server's release.
    pub version: String,
}

/// A new password for the signed-in user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPassword {
    /// The one before; empty where none was set.
    #[serde(default)]
    pub current: String,
    /// The new one: 12 characters at least.
    pub new: String,
}
