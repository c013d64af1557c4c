//! Linkerd, as far as it says whom pods of its mesh let in.
//!
//! Served as JSON only; the tags are our own and number what the store keeps.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the published resource definition"
)]

use serde::{Deserialize, Serialize};

use super::meta::{LabelSelector, ObjectMeta};
use super::quantity::IntOrString;

/// `Server` of Linkerd, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkerdServer {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<LinkerdServerSpec>,
}

/// `ServerSpec` of Linkerd, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkerdServerSpec {
    #[prost(message, optional, tag = "1")]
    pub pod_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub port: Option<IntOrString>,
    #[prost(string, tag = "3")]
    pub access_policy: String,
}

/// `ServerAuthorization` of Linkerd, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServerAuthorization {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ServerAuthorizationSpec>,
}

/// `ServerAuthorizationSpec` of Linkerd, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServerAuthorizationSpec {
    #[prost(message, optional, tag = "1")]
    pub server: Option<AuthorizedServer>,
    #[prost(message, optional, tag = "2")]
    pub client: Option<AuthorizedClient>,
}

/// The Servers that a `ServerAuthorization` is for: one by name, or some by their labels.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthorizedServer {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, tag = "2")]
    pub selector: Option<LabelSelector>,
}

/// The clients that a `ServerAuthorization` lets in.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthorizedClient {
    #[prost(bool, tag = "1")]
    pub unauthenticated: bool,
}

/// `AuthorizationPolicy` of Linkerd, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkerdAuthorizationPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<LinkerdAuthorizationPolicySpec>,
}

/// `AuthorizationPolicySpec` of Linkerd, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkerdAuthorizationPolicySpec {
    #[prost(message, optional, tag = "1")]
    pub target_ref: Option<LinkerdRef>,
    #[prost(message, repeated, tag = "2")]
    pub required_authentication_refs: Vec<LinkerdRef>,
}

/// What an `AuthorizationPolicy` is for, or whom it asks clients to be.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LinkerdRef {
    #[prost(string, tag = "1")]
    pub group: String,
    #[prost(string, tag = "2")]
    pub kind: String,
    #[prost(string, tag = "3")]
    pub namespace: String,
    #[prost(string, tag = "4")]
    pub name: String,
}
