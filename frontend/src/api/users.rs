//! People who may sign in.

use shared::users::{CreatedUser, NewUser, PATH, User};

use super::client::{self, Request};
use crate::here::encode;

/// All users.
pub(crate) fn list() -> Request<Vec<User>> {
    client::get(PATH, &())
}

/// Adds a user; the answer holds their one-time sign-in link.
pub(crate) fn create(user: &NewUser) -> Request<CreatedUser> {
    client::post(PATH, user)
}

/// Takes a user away, with their sessions.
pub(crate) fn remove(name: &str) -> Request<()> {
    client::delete(&format!("{PATH}/{}", encode(name)))
}
