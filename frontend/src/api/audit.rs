//! What administrators did to Plimsoll itself.

use shared::audit::{Act, AuditQuery, PATH};
use shared::page::Page;

use super::client::{self, Request};

/// A page of acts, newest first.
pub(crate) fn list(query: &AuditQuery) -> Request<Page<Act>> {
    client::get(PATH, query)
}
