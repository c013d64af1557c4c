//! Certificates.

use shared::certificates::{Calendar, CertificateQuery, PATH};
use shared::page::Stamped;

use super::client::{self, Request};

/// Every certificate that can be seen, by when it ends.
pub(crate) fn list(query: &CertificateQuery) -> Request<Stamped<Calendar>> {
    client::get_stamped(PATH, query)
}
