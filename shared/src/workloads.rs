//! Workloads: what runs, each counted once by its topmost owner.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::findings::FindingRow;
use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::other_engines::PolicyResult;
use crate::page::At;
use crate::score::SeverityCounts;
use crate::usage::WorkloadUsage;

/// Path of the list; one workload is below it: `/{kind}/{namespace}/{name}`.
pub const PATH: &str = "/api/v1/workloads";

/// Which workloads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct WorkloadQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Namespaces, comma-separated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Kinds, comma-separated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Words to find in namespace, name and images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// `risk` (the default: worst findings first), `name`, `pods`; a leading `-` turns it round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Where to read on: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows on the page, 1 to 500; 50 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl From<&WorkloadQuery> for At {
    fn from(query: &WorkloadQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadRow {
    /// The workload.
    pub object: ObjectRef,
    /// Pods that it has now.
    pub pods: u32,
    /// Its images, as written.
    pub images: Vec<String>,
    /// Its service account.
    pub service_account: String,
    /// Open findings.
    pub open: SeverityCounts,
}

/// One workload, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadDetail {
    /// The row.
    #[serde(flatten)]
    pub row: WorkloadRow,
    /// Since when it is known.
    pub first_seen: DateTime<Utc>,
    /// When it went; none while it is there.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Pods wanted; none for kinds without a number.
    pub replicas: Option<i32>,
    /// Its containers, init containers first.
    pub containers: Vec<ContainerRow>,
    /// Its open findings, worst first.
    pub findings: Vec<FindingRow>,
    /// The model that the verdicts rest on, in the shape of a manifest; values of secrets and environment variables are never part of it.
    #[schema(value_type = Object)]
    pub manifest: serde_json::Value,
    /// What happened to it, newest first; at most 50.
    pub history: Vec<crate::changes::Change>,
    /// What other policy engines say of it, worst first.
    #[serde(default)]
    pub policy_results: Vec<PolicyResult>,
    /// What its containers use, against what they ask for and may take.
    #[serde(default)]
    pub usage: WorkloadUsage,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContainerRow {
    /// Its name.
    pub name: String,
    /// Whether it runs before the others.
    pub init: bool,
    /// Its image, as written.
    pub image: String,
    /// The digest that runs, where a pod's status tells; empty otherwise.
    pub digest: String,
    /// CPU limit in millicores.
    pub cpu_limit_milli: Option<i64>,
    /// Memory limit in bytes.
    pub memory_limit_bytes: Option<i64>,
}
