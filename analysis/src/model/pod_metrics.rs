//! What pods use, as `metrics.k8s.io` tells it.
//!
//! Asked for as JSON, which every implementation serves; the tags are our own.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in k8s.io/metrics/pkg/apis/metrics/v1beta1"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;
use super::pairs::Amounts;
use super::quantity::Time;

/// `PodMetrics` of `metrics.k8s.io`: one sample of one pod.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodMetrics {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub timestamp: Option<Time>,
    /// As Go writes a duration: `15.2s`.
    #[prost(string, tag = "3")]
    pub window: String,
    #[prost(message, repeated, tag = "4")]
    pub containers: Vec<ContainerMetrics>,
}

/// `ContainerMetrics` of `metrics.k8s.io`.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerMetrics {
    #[prost(string, tag = "1")]
    pub name: String,
    /// The CPU over the window, and the working set of memory at its end.
    #[prost(message, repeated, tag = "2")]
    pub usage: Amounts,
}
