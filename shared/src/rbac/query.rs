//! What is asked of access over HTTP.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::escalations::Sink;
use crate::ids::ClusterId;
use crate::page::At;
use crate::since::Since;

/// Whether somebody may do something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CanIQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The user's name: `ann`, `system:serviceaccount:shop:web`. The groups that the API server adds to it are added.
    pub user: String,
    /// Groups, separated by commas.
    pub groups: String,
    /// The verb: `get`.
    #[param(required)]
    pub verb: String,
    /// The resource, as kubectl takes it: `pods`, `pods/exec`, `deployments.apps`, `deploy`.
    pub resource: String,
    /// The namespace; empty for the whole cluster, and for what stands in none.
    pub namespace: String,
    /// The object's name; empty where the request carries none.
    pub name: String,
    /// The path, for what is no resource: `/metrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Who may do something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhoCanQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The verb: `get`.
    #[param(required)]
    pub verb: String,
    /// The resource, as kubectl takes it: `pods`, `pods/exec`, `deployments.apps`, `deploy`.
    pub resource: String,
    /// The namespace; empty for the whole cluster, and for what stands in none.
    pub namespace: String,
    /// The object's name; empty where the request carries none.
    pub name: String,
    /// The path, for what is no resource: `/metrics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What somebody may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WhatCanQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The user's name: `ann`, `system:serviceaccount:shop:web`. The groups that the API server adds to it are added.
    pub user: String,
    /// Groups, separated by commas.
    pub groups: String,
    /// In this namespace only; in each, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// How access changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessChangesQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The earlier instant (RFC 3339), or so many days before, such as `30d`, of which those that are kept are enough; `7d`, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub since: Option<Since>,
    /// Until when; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Only what was gained or lost through this role: `ClusterRole edit`, `Role shop/reader`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Only this subject: `Group dev`, `ServiceAccount shop/web`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// A list of subjects, bindings or roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccessListQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Words to find in namespace and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Kinds, separated by commas: `ServiceAccount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Namespaces, separated by commas; `-` for what stands in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Where to read on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on the page, 1 to 500; 50 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// How anyone could become administrator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EscalationsQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Only what reaches this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sink: Option<Sink>,
    /// Only this subject: `Group dev`, `ServiceAccount shop/web`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Those too whom Kubernetes itself means to.
    pub expected: bool,
    /// Where to read on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Ways on the page, 1 to 500; 50 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl From<&EscalationsQuery> for At {
    fn from(query: &EscalationsQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

impl From<&CanIQuery> for At {
    fn from(query: &CanIQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

impl From<&WhoCanQuery> for At {
    fn from(query: &WhoCanQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

impl From<&WhatCanQuery> for At {
    fn from(query: &WhatCanQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

impl From<&AccessChangesQuery> for At {
    fn from(query: &AccessChangesQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

impl From<&AccessListQuery> for At {
    fn from(query: &AccessListQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}
