//! API tokens.

use shared::tokens::{CreatedToken, NewToken, PATH, Token};

use super::client::{self, Request};

/// All tokens.
pub(crate) fn list() -> Request<Vec<Token>> {
    client::get(PATH, &())
}

/// Makes a token; the answer is the only place where its secret is shown.
pub(crate) fn create(token: &NewToken) -> Request<CreatedToken> {
    client::post(PATH, token)
}

/// Takes a token away; it stops working at once.
pub(crate) fn revoke(id: i64) -> Request<()> {
    client::delete(&format!("{PATH}/{id}"))
}
