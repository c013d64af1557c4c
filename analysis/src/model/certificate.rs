//! Certificates of cert-manager.
//!
//! Served as JSON only; the tags are our own and number what the store keeps.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the published resource definition"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;
use super::quantity::Time;

/// `Certificate` of cert-manager, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Certificate {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<CertificateSpec>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<CertificateStatus>,
}

/// `CertificateSpec` of cert-manager, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateSpec {
    #[prost(string, tag = "1")]
    pub secret_name: String,
    #[prost(string, repeated, tag = "2")]
    pub dns_names: Vec<String>,
    #[prost(message, optional, tag = "3")]
    pub issuer_ref: Option<IssuerRef>,
}

/// `IssuerRef` of cert-manager, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IssuerRef {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub kind: String,
    #[prost(string, tag = "3")]
    pub group: String,
}

/// `CertificateStatus` of cert-manager, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateStatus {
    #[prost(message, optional, tag = "1")]
    pub not_before: Option<Time>,
    #[prost(message, optional, tag = "2")]
    pub not_after: Option<Time>,
    #[prost(message, optional, tag = "3")]
    pub renewal_time: Option<Time>,
    #[prost(message, repeated, tag = "4")]
    pub conditions: Vec<CertificateCondition>,
}

/// `CertificateCondition` of cert-manager, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateCondition {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(string, tag = "2")]
    pub status: String,
    #[prost(string, tag = "3")]
    pub reason: String,
}
