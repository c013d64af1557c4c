//! Ends in words, for tables.

use shared::network::Endpoint;

use crate::cli::print::plain;

/// `Deployment shop/web`, or a block.
pub(super) fn end(end: &Endpoint) -> String {
    plain(&end.to_string())
}
