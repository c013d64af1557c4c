//! Policy reports: of `wgpolicyk8s.io`, and of `openreports.io`, which follows it.
//!
//! Served as JSON only; the tags are our own and number what the store keeps.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the published resource definition"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;

/// `PolicyReport` of the policy working group, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyReport {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub scope: Option<PolicyReportResource>,
    #[prost(message, repeated, tag = "3")]
    pub results: Vec<PolicyReportResult>,
}

/// `ClusterPolicyReport` of the policy working group, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterPolicyReport {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub scope: Option<PolicyReportResource>,
    #[prost(message, repeated, tag = "3")]
    pub results: Vec<PolicyReportResult>,
}

/// `Report` of OpenReports, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OpenReport {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub scope: Option<PolicyReportResource>,
    #[prost(message, repeated, tag = "3")]
    pub results: Vec<PolicyReportResult>,
    /// That of the results that name none.
    #[prost(string, tag = "4")]
    pub source: String,
}

/// `ClusterReport` of OpenReports, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterOpenReport {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub scope: Option<PolicyReportResource>,
    #[prost(message, repeated, tag = "3")]
    pub results: Vec<PolicyReportResult>,
    /// That of the results that name none.
    #[prost(string, tag = "4")]
    pub source: String,
}

/// `PolicyReportResult` of the policy working group, and `ReportResult` of OpenReports, as far as posture depends on them.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyReportResult {
    #[prost(string, tag = "1")]
    pub source: String,
    #[prost(string, tag = "2")]
    pub policy: String,
    #[prost(string, tag = "3")]
    pub rule: String,
    #[prost(string, tag = "4")]
    pub result: String,
    #[prost(string, tag = "5")]
    pub severity: String,
    #[prost(string, tag = "6")]
    pub category: String,
    #[prost(message, repeated, tag = "7")]
    pub resources: Vec<PolicyReportResource>,
    #[prost(string, tag = "8")]
    pub message: String,
}

/// `PolicyReportResource` of the policy working group, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyReportResource {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(string, tag = "2")]
    pub namespace: String,
    #[prost(string, tag = "3")]
    pub name: String,
}
