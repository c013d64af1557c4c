//! Quotas and capacity.

use shared::page::{At, Stamped};
use shared::quotas::history::QuotaHistory;
use shared::quotas::{PATH, QuotaQuery, Quotas};

use super::client::{self, Request};
use crate::here::encode;

/// What namespaces may use and do use, and what nodes have.
pub(crate) fn list(query: &QuotaQuery) -> Request<Stamped<Quotas>> {
    client::get_stamped(PATH, query)
}

/// How the use of a quota went.
pub(crate) fn history(namespace: &str, name: &str, at: At) -> Request<Stamped<QuotaHistory>> {
    let path = format!("{PATH}/{}/{}/history", encode(namespace), encode(name));
    client::get_stamped(&path, &at)
}
