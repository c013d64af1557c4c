//! Quotas and capacity: what namespaces may use and do use, what their pods ask for, what nodes have.

pub mod history;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ClusterId;
use crate::object::ObjectRef;
use crate::page::At;
use crate::usage::Sampling;

/// Path.
pub const PATH: &str = "/api/v1/quotas";

/// Which cluster and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct QuotaQuery {
    /// The cluster; the only one, or the first by name, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>)]
    pub cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which to answer; now, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// One namespace; all, if left out. The nodes are those of the cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl From<&QuotaQuery> for At {
    fn from(query: &QuotaQuery) -> Self {
        Self {
            cluster: query.cluster,
            at: query.at,
        }
    }
}

/// What a resource is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Thousandths of a core.
    Milli,
    /// Bytes.
    Bytes,
    /// Pieces.
    Count,
}

/// An amount as it is written, and as a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// As written: `1500m`, `2Gi`.
    pub text: String,
    /// In the resource's unit; none where the text can't be reckoned with.
    pub value: Option<i64>,
}

/// Quotas and capacity of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quotas {
    /// The namespaces that hold pods, workloads or a quota, by name.
    pub namespaces: Vec<NamespaceQuotas>,
    /// The nodes, by name.
    pub nodes: Vec<NodeCapacity>,
    /// All nodes together, resource by resource, and what all their pods ask for.
    pub capacity: Vec<Capacity>,
    /// Whether it was measured what pods really use.
    pub sampling: Sampling,
    /// What is missing in these numbers, in sentences: kinds that were not read, amounts that can't be reckoned with.
    pub gaps: Vec<String>,
}

/// One namespace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceQuotas {
    /// Its name.
    pub namespace: String,
    /// Its quotas, by name; none where they were not read.
    pub quotas: Option<Vec<Quota>>,
    /// The names of its limit ranges; none where they were not read.
    pub limit_ranges: Option<Vec<String>>,
    /// Its pods that have not ended; none where they were not read. Manifests show none.
    pub pods: Option<u32>,
    /// What these ask for, may take and use.
    pub demand: Vec<Demand>,
    /// The containers of its workloads that may use all of their node.
    pub without_limits: Vec<UnlimitedContainer>,
}

/// One quota.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    /// Its name.
    pub name: String,
    /// The pods that it is for, in words (`BestEffort`, `PriorityClass In high`); all, where there are none.
    pub scopes: Vec<String>,
    /// What it bounds, by resource.
    pub resources: Vec<QuotaUse>,
}

/// How much of what a quota allows is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaUse {
    /// As the quota names it: `requests.cpu`.
    pub resource: String,
    /// What it is counted in.
    pub unit: Unit,
    /// What is allowed.
    pub hard: Amount,
    /// What is used; none before the quota was reckoned for the first time, and in manifests.
    pub used: Option<Amount>,
    /// Used by allowed, 1 for all of it; none where either is not known, or nothing is allowed.
    pub share: Option<f64>,
    /// The share at snapshots of the last 90 days, the oldest first: at most 30 that are equally far apart. Empty where nothing is
    /// known of it.
    pub trend: Vec<f64>,
    /// When it will be used up.
    pub outlook: Outlook,
}

/// What the past of a use tells of when it will reach its bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outlook {
    /// Too little is known of its past.
    #[default]
    Unknown,
    /// It has reached its bound.
    Full,
    /// It does not grow.
    Steady,
    /// It takes more than ten years.
    FarOff,
    /// There is a day.
    Reached(Forecast),
}

impl Outlook {
    /// The day, where there is one.
    pub fn forecast(self) -> Option<Forecast> {
        match self {
            Self::Reached(forecast) => Some(forecast),
            Self::Unknown | Self::Full | Self::Steady | Self::FarOff => None,
        }
    }
}

/// When a bound will be reached if its use goes on growing as it did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// How much the use grows in a day, in the resource's unit.
    pub per_day: f64,
    /// The day on which it reaches the bound (UTC).
    pub reached_on: NaiveDate,
}

/// What pods ask for, may take and use of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Demand {
    /// `cpu`, `memory` or `ephemeral-storage`.
    pub resource: String,
    /// What it is counted in.
    pub unit: Unit,
    /// What they ask for; a limit stands for a request that is left out. None where pods were not read.
    pub requests: Option<i64>,
    /// What they may take, as far as limits say; containers without one add nothing. None where pods were not read.
    pub limits: Option<i64>,
    /// What they used when they were measured; none where that is not known.
    pub used: Option<i64>,
}

/// A container without limits of its own, of its pod or of its namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnlimitedContainer {
    /// Its workload.
    pub object: ObjectRef,
    /// Its name.
    pub container: String,
    /// What it has no limit of: `cpu`, `memory`.
    pub resources: Vec<String>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeCapacity {
    /// Its name.
    pub node: String,
    /// Whether it takes new pods.
    pub schedulable: bool,
    /// Its pods that have not ended; none where they were not read.
    pub pods: Option<u32>,
    /// What it has, resource by resource.
    pub resources: Vec<Capacity>,
}

/// What there is of a resource, and what pods make of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// What pods ask for and may take.
    #[serde(flatten)]
    pub demand: Demand,
    /// What pods may use of the node; of several nodes together, with no text.
    pub allocatable: Amount,
}
