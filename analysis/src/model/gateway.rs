//! Gateway API.
//!
//! Served as JSON only; the tags are our own and number what the store keeps.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the published resource definition"
)]

use serde::{Deserialize, Serialize};

use super::meta::{LabelSelector, ObjectMeta};

/// `GatewayClass` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayClass {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<GatewayClassSpec>,
}

/// `GatewayClassSpec` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayClassSpec {
    #[prost(string, tag = "1")]
    pub controller_name: String,
}

/// `Gateway` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Gateway {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<GatewaySpec>,
}

/// `GatewaySpec` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewaySpec {
    #[prost(string, tag = "1")]
    pub gateway_class_name: String,
    #[prost(message, repeated, tag = "2")]
    pub listeners: Vec<Listener>,
}

/// `Listener` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Listener {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub hostname: String,
    #[prost(int32, tag = "3")]
    pub port: i32,
    #[prost(string, tag = "4")]
    pub protocol: String,
    #[prost(message, optional, tag = "5")]
    pub tls: Option<ListenerTls>,
    #[prost(message, optional, tag = "6")]
    pub allowed_routes: Option<AllowedRoutes>,
}

/// `AllowedRoutes` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AllowedRoutes {
    #[prost(message, optional, tag = "1")]
    pub namespaces: Option<RouteNamespaces>,
}

/// `RouteNamespaces` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteNamespaces {
    #[prost(string, tag = "1")]
    pub from: String,
    #[prost(message, optional, tag = "2")]
    pub selector: Option<LabelSelector>,
}

/// `ListenerTls` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListenerTls {
    #[prost(string, tag = "1")]
    pub mode: String,
    #[prost(message, repeated, tag = "2")]
    pub certificate_refs: Vec<CertificateRef>,
}

/// `CertificateRef` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateRef {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(string, tag = "2")]
    pub namespace: String,
    #[prost(string, tag = "3")]
    pub name: String,
}

/// `HttpRoute` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HttpRoute {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<RouteSpec>,
}

/// `GrpcRoute` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GrpcRoute {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<RouteSpec>,
}

/// `TlsRoute` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TlsRoute {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<RouteSpec>,
}

/// `RouteSpec` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteSpec {
    #[prost(message, repeated, tag = "1")]
    pub parent_refs: Vec<ParentRef>,
    #[prost(string, repeated, tag = "2")]
    pub hostnames: Vec<String>,
    #[prost(message, repeated, tag = "3")]
    pub rules: Vec<RouteRule>,
}

/// `ParentRef` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParentRef {
    #[prost(string, optional, tag = "1")]
    pub group: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub kind: Option<String>,
    #[prost(string, tag = "3")]
    pub namespace: String,
    #[prost(string, tag = "4")]
    pub name: String,
    #[prost(string, tag = "5")]
    pub section_name: String,
    #[prost(int32, optional, tag = "6")]
    pub port: Option<i32>,
}

/// `RouteRule` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteRule {
    #[prost(message, repeated, tag = "1")]
    pub backend_refs: Vec<BackendRef>,
    #[prost(message, repeated, tag = "2")]
    pub filters: Vec<RouteFilter>,
    #[prost(message, repeated, tag = "3")]
    pub matches: Vec<RouteMatch>,
}

/// `HTTPRouteFilter` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteFilter {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(message, optional, tag = "2")]
    pub request_redirect: Option<RequestRedirect>,
}

/// `HTTPRequestRedirectFilter` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestRedirect {
    #[prost(string, tag = "1")]
    pub scheme: String,
}

/// `HTTPRouteMatch` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteMatch {
    #[prost(message, optional, tag = "1")]
    pub path: Option<PathMatch>,
}

/// `HTTPPathMatch` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PathMatch {
    #[prost(string, tag = "1")]
    pub value: String,
}

/// `BackendRef` of the Gateway API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BackendRef {
    #[prost(string, optional, tag = "1")]
    pub kind: Option<String>,
    #[prost(string, tag = "2")]
    pub namespace: String,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(int32, optional, tag = "4")]
    pub port: Option<i32>,
}
