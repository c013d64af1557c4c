//! How the cluster stands against a framework.

use shared::compliance::history::ControlHistory;
use shared::compliance::query::{ComplianceQuery, HistoryQuery};
use shared::compliance::{Compliance, PATH};
use shared::page::Stamped;

use super::client::{self, Request};

/// Each control of a framework with its evidence.
pub(crate) fn get(query: &ComplianceQuery) -> Request<Stamped<Compliance>> {
    client::get_stamped(PATH, query)
}

/// What was concluded of one control over time.
pub(crate) fn history(query: &HistoryQuery) -> Request<Stamped<ControlHistory>> {
    client::get_stamped(&format!("{PATH}/history"), query)
}
