//! What containers really use, against what they ask for and may take.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::quotas::Unit;

/// Whether use was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "status")]
pub enum Sampling {
    /// It was, once, for the snapshot: each figure is of one short moment.
    Measured {
        /// When the latest sample was taken; none where no sample says so.
        at: Option<DateTime<Utc>>,
        /// Pods that were measured.
        pods: u32,
    },
    /// It was not.
    Unknown {
        /// Why, in a sentence.
        reason: String,
    },
}

impl Default for Sampling {
    fn default() -> Self {
        Self::Unknown { reason: String::new() }
    }
}

/// What the containers of a workload use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkloadUsage {
    /// Whether use was measured.
    pub sampling: Sampling,
    /// Its containers that run all the time, in their order.
    pub containers: Vec<ContainerUsage>,
}

/// What one container uses in all the pods of its workload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContainerUsage {
    /// Its name.
    pub container: String,
    /// Pods in which it was measured; 0 where it was in none.
    pub pods: u32,
    /// `cpu` and `memory`.
    pub resources: Vec<ResourceUsage>,
}

/// What one container uses of a resource, in the resource's unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourceUsage {
    /// `cpu` or `memory`.
    pub resource: String,
    /// What it is counted in.
    pub unit: Unit,
    /// What it uses in a pod on average; none where it was not measured.
    pub mean: Option<i64>,
    /// What it uses in the pod in which it uses most.
    pub most: Option<i64>,
    /// What it asks for in each pod, by itself, its pod or its namespace's default; none where it asks for nothing.
    pub request: Option<i64>,
    /// What it may take in each pod; none where nothing bounds it.
    pub limit: Option<i64>,
}
