//! Certificate signing requests.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;

/// `CertificateSigningRequest` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateSigningRequest {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<CertificateSigningRequestSpec>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<CertificateSigningRequestStatus>,
}

/// `CertificateSigningRequestSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateSigningRequestSpec {
    #[prost(string, tag = "7")]
    pub signer_name: String,
    #[prost(int32, optional, tag = "8")]
    pub expiration_seconds: Option<i32>,
    #[prost(string, repeated, tag = "5")]
    pub usages: Vec<String>,
    #[prost(string, tag = "2")]
    pub username: String,
    #[prost(string, repeated, tag = "4")]
    pub groups: Vec<String>,
}

/// `CertificateSigningRequestStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateSigningRequestStatus {
    #[prost(message, repeated, tag = "1")]
    pub conditions: Vec<CertificateSigningRequestCondition>,
    #[serde(with = "super::bytes")]
    #[prost(bytes = "vec", tag = "2")]
    pub certificate: Vec<u8>,
}

/// `CertificateSigningRequestCondition` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateSigningRequestCondition {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(string, tag = "6")]
    pub status: String,
    #[prost(string, tag = "2")]
    pub reason: String,
}
