//! Changes between two instants.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::{ClusterId, FindingId};
use crate::object::ObjectRef;
use crate::page::At;
use crate::verdict::Severity;

/// Path.
pub const PATH: &str = "/api/v1/changes";

/// Which changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ChangeQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// From when (RFC 3339), exclusive; seven days before `at`, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Until when, inclusive; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// `objects`, `findings`; both, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Namespaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The object's exact name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to read on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on the page, 1 to 500; 50 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl From<&ChangeQuery> for At {
    fn from(query: &ChangeQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "what")]
pub enum What {
    /// The object appeared.
    Created,
    /// The object changed.
    Modified,
    /// The object is gone.
    Deleted,
    /// A finding on it opened, or opened again.
    FindingOpened {
        /// The finding.
        finding: FindingId,
        /// The fact.
        title: String,
        /// How bad.
        severity: Severity,
    },
    /// A finding on it was fixed.
    FindingFixed {
        /// The finding.
        finding: FindingId,
        /// The fact that no longer holds.
        title: String,
        /// How bad.
        severity: Severity,
    },
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The snapshot that saw it.
    pub at: DateTime<Utc>,
    /// The object.
    pub object: ObjectRef,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
    /// Whether other checks or settings, and perhaps not the cluster, made the difference.
    pub by_release: bool,
}
