//! Signing in and out.

use shared::session::{NewPassword, PATH, Session, SignIn};

use super::client::{self, Request};

/// Who is signed in.
pub(crate) fn current() -> Request<Session> {
    client::get(PATH, &())
}

/// Signs in.
pub(crate) fn sign_in(with: &SignIn) -> Request<Session> {
    client::post(PATH, with)
}

/// Signs out.
pub(crate) fn sign_out() -> Request<()> {
    client::delete(PATH)
}

/// Sets the signed-in user's password.
pub(crate) fn set_password(password: &NewPassword) -> Request<()> {
    client::put(&format!("{PATH}/password"), password)
}
