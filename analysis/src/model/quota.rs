//! Resource quotas and limit ranges.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;
use super::pairs::Amounts;

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
    #[prost(message, repeated, tag = "1")]
    pub hard: Amounts,
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
    #[prost(message, repeated, tag = "1")]
    pub hard: Amounts,
    #[prost(message, repeated, tag = "2")]
    pub used: Amounts,
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
    #[prost(message, repeated, tag = "2")]
    pub max: Amounts,
    #[prost(message, repeated, tag = "3")]
    pub min: Amounts,
    #[prost(message, repeated, tag = "4")]
    pub default: Amounts,
    #[prost(message, repeated, tag = "5")]
    pub default_request: Amounts,
}

impl ResourceQuotaSpec {
    /// Whether it holds for pods of every sort: one with scopes holds for some only.
    pub fn is_for_all_pods(&self) -> bool {
        let selector = self.scope_selector.as_ref();
        self.scopes.is_empty() && selector.is_none_or(|selector| selector.match_expressions.is_empty())
    }
}
