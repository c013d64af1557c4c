//! Checks and what they concluded.

use shared::checks::{CheckRow, PATH};
use shared::page::{At, Page, Stamped};

use super::client::{self, Request};

/// All checks; they fit on one page.
pub(crate) fn list(at: At) -> Request<Stamped<Page<CheckRow>>> {
    client::get_stamped(PATH, &at)
}
