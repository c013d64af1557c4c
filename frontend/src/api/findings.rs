//! Findings.

use shared::findings::{FindingDetail, FindingPage, FindingQuery, PATH};
use shared::page::{At, Stamped};

use super::client::{self, Request};

/// A page of findings with their facets.
pub(crate) fn list(query: &FindingQuery) -> Request<Stamped<FindingPage>> {
    client::get_stamped(PATH, query)
}

/// One finding, by its id.
pub(crate) fn get(id: &str, at: At) -> Request<Stamped<FindingDetail>> {
    client::get_stamped(&format!("{PATH}/{}", crate::here::encode(id)), &at)
}
