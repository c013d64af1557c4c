//! Ingresses and their classes.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;

/// `Ingress` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ingress {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<IngressSpec>,
}

/// `IngressSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressSpec {
    #[prost(string, optional, tag = "4")]
    pub ingress_class_name: Option<String>,
    #[prost(message, optional, tag = "1")]
    pub default_backend: Option<IngressBackend>,
    #[prost(message, repeated, tag = "2")]
    pub tls: Vec<IngressTLS>,
    #[prost(message, repeated, tag = "3")]
    pub rules: Vec<IngressRule>,
}

/// `IngressTLS` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressTLS {
    #[prost(string, repeated, tag = "1")]
    pub hosts: Vec<String>,
    #[prost(string, tag = "2")]
    pub secret_name: String,
}

/// `IngressRule` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressRule {
    #[prost(string, tag = "1")]
    pub host: String,
    #[serde(flatten)]
    #[prost(message, optional, tag = "2")]
    pub ingress_rule_value: Option<IngressRuleValue>,
}

/// `IngressRuleValue` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressRuleValue {
    #[prost(message, optional, tag = "1")]
    pub http: Option<HTTPIngressRuleValue>,
}

/// `HTTPIngressRuleValue` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HTTPIngressRuleValue {
    #[prost(message, repeated, tag = "1")]
    pub paths: Vec<HTTPIngressPath>,
}

/// `HTTPIngressPath` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HTTPIngressPath {
    #[prost(string, tag = "1")]
    pub path: String,
    #[prost(string, optional, tag = "3")]
    pub path_type: Option<String>,
    #[prost(message, optional, tag = "2")]
    pub backend: Option<IngressBackend>,
}

/// `IngressBackend` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressBackend {
    #[prost(message, optional, tag = "4")]
    pub service: Option<IngressServiceBackend>,
}

/// `IngressServiceBackend` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressServiceBackend {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, tag = "2")]
    pub port: Option<ServiceBackendPort>,
}

/// `ServiceBackendPort` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceBackendPort {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(int32, tag = "2")]
    pub number: i32,
}

/// `IngressClass` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressClass {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<IngressClassSpec>,
}

/// `IngressClassSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IngressClassSpec {
    #[prost(string, tag = "1")]
    pub controller: String,
}
