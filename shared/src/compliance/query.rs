//! What can be asked of compliance.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::ids::ClusterId;
use crate::page::At;

/// Which framework a cluster is held against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct ComplianceQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The framework's id; the first of the list, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// One control's id in the framework: it alone, with all objects that fail. Of all controls, the first few are named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<String>,
}

impl From<&ComplianceQuery> for At {
    fn from(query: &ComplianceQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// Which control to tell the history of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) at which the history ends; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The framework's id; the first of the list, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub framework: Option<String>,
    /// The control's id in the framework.
    pub control: String,
    /// How many days it goes back, 1 to 366; 90 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

impl From<&HistoryQuery> for At {
    fn from(query: &HistoryQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}
