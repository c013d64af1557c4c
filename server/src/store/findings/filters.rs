//! The filters of the list of findings, understood.

use analysis::admission::{OF_KUBERNETES, OF_OPENSHIFT};
use chrono::{DateTime, Duration, Utc};
use shared::findings::{FindingQuery, Status};
use shared::page::AsOf;
use shared::verdict::{Area, Severity};

use crate::store::{StoreError, filter, rank};

/// How long a fixed finding is listed.
const FIXED_FOR: Duration = Duration::days(30);

/// What each filter lets through; everything where it is none.
pub(super) struct Filters {
    pub(super) severity: Option<Vec<i16>>,
    pub(super) area: Option<Vec<String>>,
    pub(super) check: Option<Vec<String>>,
    pub(super) is_open: Option<Vec<bool>>,
    pub(super) namespace: Option<Vec<String>>,
    pub(super) kind: Option<Vec<String>>,
    pub(super) name: Option<String>,
    pub(super) is_system: Option<bool>,
    pub(super) patterns: Option<Vec<String>>,
    pub(super) first_seen_after: Option<DateTime<Utc>>,
}

impl Filters {
    pub(super) fn of(query: &FindingQuery) -> Result<Self, StoreError> {
        let status = query
            .status
            .as_deref()
            .filter(|status| !status.is_empty())
            .unwrap_or(Status::Open.as_str());
        let is_open = |word: &str| match word {
            "open" => Some(true),
            "fixed" => Some(false),
            _ => None,
        };
        let rank = |word: &str| Severity::parse(word).map(rank);
        let area = |word: &str| Area::parse(word).map(|area| area.as_str().to_owned());
        Ok(Self {
            severity: filter::parsed("severity", query.severity.as_deref(), rank)?,
            area: filter::parsed("area", query.area.as_deref(), area)?,
            check: filter::words(query.check.as_deref())?,
            is_open: filter::parsed("status", Some(status), is_open)?,
            namespace: filter::namespaces(query.namespace.as_deref())?,
            kind: filter::words(query.kind.as_deref())?,
            name: query.name.clone(),
            is_system: query.system,
            patterns: filter::patterns(query.q.as_deref())?,
            first_seen_after: query.first_seen_after,
        })
    }
}

/// The namespaces of the system, as patterns.
pub(super) fn system_namespaces() -> Vec<String> {
    let of_kubernetes = OF_KUBERNETES.iter().map(|name| (*name).to_owned());
    of_kubernetes.chain([format!("{OF_OPENSHIFT}%")]).collect()
}

/// What was fixed after this instant is listed as fixed.
pub(super) fn fixed_since(as_of: &AsOf) -> DateTime<Utc> {
    as_of.taken_at - FIXED_FOR
}
