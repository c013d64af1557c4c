//! Namespaces.

use shared::namespaces::{NamespaceDetail, Namespaces, PATH};
use shared::page::{At, Stamped};

use super::client::{self, Request};
use crate::here::encode;

/// All namespaces.
pub(crate) fn list(at: At) -> Request<Stamped<Namespaces>> {
    client::get_stamped(PATH, &at)
}

/// One namespace.
pub(crate) fn get(name: &str, at: At) -> Request<Stamped<NamespaceDetail>> {
    client::get_stamped(&format!("{PATH}/{}", encode(name)), &at)
}
