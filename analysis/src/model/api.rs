//! What extends the API server: aggregated APIs and custom resource definitions.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::admission::WebhookClientConfig;
use super::meta::ObjectMeta;

/// `APIService` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiService {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ApiServiceSpec>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<ApiServiceStatus>,
}

/// `APIServiceSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiServiceSpec {
    #[prost(message, optional, tag = "1")]
    pub service: Option<ApiServiceReference>,
    #[prost(string, tag = "2")]
    pub group: String,
    #[prost(string, tag = "3")]
    pub version: String,
    #[serde(rename = "insecureSkipTLSVerify")]
    #[prost(bool, tag = "4")]
    pub insecure_skip_tls_verify: bool,
    #[serde(with = "super::bytes")]
    #[prost(bytes = "vec", tag = "5")]
    pub ca_bundle: Vec<u8>,
}

/// `APIServiceStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiServiceStatus {
    #[prost(message, repeated, tag = "1")]
    pub conditions: Vec<ApiServiceCondition>,
}

/// `APIServiceCondition` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiServiceCondition {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(string, tag = "2")]
    pub status: String,
}

/// `ServiceReference` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiServiceReference {
    #[prost(string, tag = "1")]
    pub namespace: String,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(int32, optional, tag = "3")]
    pub port: Option<i32>,
}

/// `CustomResourceDefinition` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomResourceDefinition {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<CustomResourceDefinitionSpec>,
}

/// `CustomResourceDefinitionSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomResourceDefinitionSpec {
    #[prost(string, tag = "1")]
    pub group: String,
    #[prost(message, optional, tag = "3")]
    pub names: Option<CustomResourceDefinitionNames>,
    #[prost(string, tag = "4")]
    pub scope: String,
    #[prost(message, repeated, tag = "7")]
    pub versions: Vec<CustomResourceDefinitionVersion>,
    #[prost(message, optional, boxed, tag = "9")]
    pub conversion: Option<Box<CustomResourceConversion>>,
}

/// `CustomResourceConversion` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomResourceConversion {
    #[prost(string, tag = "1")]
    pub strategy: String,
    #[prost(message, optional, tag = "2")]
    pub webhook: Option<WebhookConversion>,
}

/// `WebhookConversion` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookConversion {
    #[prost(message, optional, tag = "2")]
    pub client_config: Option<WebhookClientConfig>,
}

/// `CustomResourceDefinitionNames` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomResourceDefinitionNames {
    #[prost(string, tag = "1")]
    pub plural: String,
    #[prost(string, tag = "4")]
    pub kind: String,
}

/// `CustomResourceDefinitionVersion` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomResourceDefinitionVersion {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(bool, tag = "2")]
    pub served: bool,
    #[prost(bool, tag = "3")]
    pub storage: bool,
}
