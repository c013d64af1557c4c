//! Changes.

use shared::changes::{Change, ChangeQuery, PATH};
use shared::page::{Page, Stamped};

use super::client::{self, Request};

/// A page of changes, newest first.
pub(crate) fn list(query: &ChangeQuery) -> Request<Stamped<Page<Change>>> {
    client::get_stamped(PATH, query)
}
