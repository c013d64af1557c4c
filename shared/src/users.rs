//! People who may sign in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Path of the list.
pub const PATH: &str = "/api/v1/users";

/// One user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The name, 1 to 64 of `a-z0-9._@-`.
    pub name: String,
    /// Whether they administer Plimsoll.
    pub admin: bool,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// When they last signed in.
    pub last_sign_in: Option<DateTime<Utc>>,
}

/// A user to be added; they sign in by the link that the answer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewUser {
    /// The name.
    pub name: String,
    /// Whether they administer Plimsoll.
    #[serde(default)]
    pub admin: bool,
}

/// A user just added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreatedUser {
    /// The user.
    #[serde(flatten)]
    pub user: User,
    /// The path of the one-time sign-in link, which works for 24 hours.
    pub sign_in_path: String,
}
