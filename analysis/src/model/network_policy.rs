//! Network policies of `networking.k8s.io/v1`.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::{LabelSelector, ObjectMeta};
use super::quantity::IntOrString;

/// `NetworkPolicy` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<NetworkPolicySpec>,
}

/// `NetworkPolicySpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicySpec {
    #[prost(message, optional, tag = "1")]
    pub pod_selector: Option<LabelSelector>,
    #[prost(message, repeated, tag = "2")]
    pub ingress: Vec<NetworkPolicyIngressRule>,
    #[prost(message, repeated, tag = "3")]
    pub egress: Vec<NetworkPolicyEgressRule>,
    #[prost(string, repeated, tag = "4")]
    pub policy_types: Vec<String>,
}

/// `NetworkPolicyIngressRule` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicyIngressRule {
    #[prost(message, repeated, tag = "1")]
    pub ports: Vec<NetworkPolicyPort>,
    #[prost(message, repeated, tag = "2")]
    pub from: Vec<NetworkPolicyPeer>,
}

/// `NetworkPolicyEgressRule` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicyEgressRule {
    #[prost(message, repeated, tag = "1")]
    pub ports: Vec<NetworkPolicyPort>,
    #[prost(message, repeated, tag = "2")]
    pub to: Vec<NetworkPolicyPeer>,
}

/// `NetworkPolicyPort` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicyPort {
    #[prost(string, optional, tag = "1")]
    pub protocol: Option<String>,
    #[prost(message, optional, tag = "2")]
    pub port: Option<IntOrString>,
    #[prost(int32, optional, tag = "3")]
    pub end_port: Option<i32>,
}

/// `NetworkPolicyPeer` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkPolicyPeer {
    #[prost(message, optional, tag = "1")]
    pub pod_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "3")]
    pub ip_block: Option<IPBlock>,
}

/// `IPBlock` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IPBlock {
    #[prost(string, tag = "1")]
    pub cidr: String,
    #[prost(string, repeated, tag = "2")]
    pub except: Vec<String>,
}
