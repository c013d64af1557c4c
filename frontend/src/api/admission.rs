//! Admission.

use shared::admission::{Admission, AdmissionQuery, PATH};
use shared::page::Stamped;

use super::client::{self, Request};

/// What happens to a pod on its way in.
pub(crate) fn get(query: &AdmissionQuery) -> Request<Stamped<Admission>> {
    client::get_stamped(PATH, query)
}
