//! Resource quotas and limit ranges.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;
use super::quantity::Quantity;

/// `ResourceQuota` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceQuota {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ResourceQuotaSpec>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<ResourceQuotaStatus>,
}

/// `ResourceQuotaSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceQuotaSpec {
    #[prost(btree_map = "string, message", tag = "1")]
    pub hard: BTreeMap<String, Quantity>,
    #[prost(string, repeated, tag = "2")]
    pub scopes: Vec<String>,
    #[prost(message, optional, tag = "3")]
    pub scope_selector: Option<ScopeSelector>,
}

/// `ScopeSelector` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScopeSelector {
    #[prost(message, repeated, tag = "1")]
    pub match_expressions: Vec<ScopedResourceSelectorRequirement>,
}

/// `ScopedResourceSelectorRequirement` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScopedResourceSelectorRequirement {
    #[prost(string, tag = "1")]
    pub scope_name: String,
    #[prost(string, tag = "2")]
    pub operator: String,
    #[prost(string, repeated, tag = "3")]
    pub values: Vec<String>,
}

/// `ResourceQuotaStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceQuotaStatus {
    #[prost(btree_map = "string, message", tag = "1")]
    pub hard: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub used: BTreeMap<String, Quantity>,
}

/// `LimitRange` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LimitRange {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<LimitRangeSpec>,
}

/// `LimitRangeSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LimitRangeSpec {
    #[prost(message, repeated, tag = "1")]
    pub limits: Vec<LimitRangeItem>,
}

/// `LimitRangeItem` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LimitRangeItem {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(btree_map = "string, message", tag = "2")]
    pub max: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub min: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "4")]
    pub default: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "5")]
    pub default_request: BTreeMap<String, Quantity>,
}
