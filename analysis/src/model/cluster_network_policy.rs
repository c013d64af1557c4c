//! Network policies of `policy.networking.k8s.io`.
//!
//! Served as JSON only; the tags are our own and number what the store keeps.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the published resource definition"
)]

use serde::{Deserialize, Serialize};

use super::meta::{LabelSelector, ObjectMeta};

/// `ClusterNetworkPolicy` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterNetworkPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ClusterNetworkPolicySpec>,
}

/// `AdminNetworkPolicy` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AdminNetworkPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ClusterNetworkPolicySpec>,
}

/// `BaselineAdminNetworkPolicy` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BaselineAdminNetworkPolicy {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ClusterNetworkPolicySpec>,
}

/// `ClusterNetworkPolicySpec` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterNetworkPolicySpec {
    #[prost(string, tag = "1")]
    pub tier: String,
    #[prost(int32, tag = "2")]
    pub priority: i32,
    #[prost(message, optional, tag = "3")]
    pub subject: Option<PolicySubject>,
    #[prost(message, repeated, tag = "4")]
    pub ingress: Vec<PolicyIngressRule>,
    #[prost(message, repeated, tag = "5")]
    pub egress: Vec<PolicyEgressRule>,
}

/// `PolicySubject` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicySubject {
    #[prost(message, optional, tag = "1")]
    pub namespaces: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub pods: Option<NamespacedPods>,
}

/// `NamespacedPods` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamespacedPods {
    #[prost(message, optional, tag = "1")]
    pub namespace_selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub pod_selector: Option<LabelSelector>,
}

/// `PolicyIngressRule` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyIngressRule {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub action: String,
    #[prost(message, repeated, tag = "3")]
    pub from: Vec<PolicyPeer>,
    #[prost(message, repeated, tag = "4")]
    pub ports: Vec<PolicyPort>,
    #[prost(message, repeated, tag = "5")]
    pub protocols: Vec<PolicyProtocol>,
}

/// `PolicyEgressRule` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyEgressRule {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub action: String,
    #[prost(message, repeated, tag = "3")]
    pub to: Vec<PolicyPeer>,
    #[prost(message, repeated, tag = "4")]
    pub ports: Vec<PolicyPort>,
    #[prost(message, repeated, tag = "5")]
    pub protocols: Vec<PolicyProtocol>,
}

/// `PolicyPeer` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyPeer {
    #[prost(message, optional, tag = "1")]
    pub namespaces: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub pods: Option<NamespacedPods>,
    #[prost(message, optional, tag = "3")]
    pub nodes: Option<LabelSelector>,
    #[prost(string, repeated, tag = "4")]
    pub networks: Vec<String>,
    #[prost(string, repeated, tag = "5")]
    pub domain_names: Vec<String>,
}

/// `PolicyPort` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyPort {
    #[prost(message, optional, tag = "1")]
    pub port_number: Option<PortNumber>,
    #[prost(message, optional, tag = "2")]
    pub port_range: Option<PortRange>,
    #[prost(string, optional, tag = "3")]
    pub named_port: Option<String>,
}

/// `PortNumber` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PortNumber {
    #[prost(string, tag = "1")]
    pub protocol: String,
    #[prost(int32, tag = "2")]
    pub port: i32,
}

/// `PortRange` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PortRange {
    #[prost(string, tag = "1")]
    pub protocol: String,
    #[prost(int32, tag = "2")]
    pub start: i32,
    #[prost(int32, tag = "3")]
    pub end: i32,
}

/// `PolicyProtocol` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyProtocol {
    #[prost(message, optional, tag = "1")]
    pub tcp: Option<ProtocolMatch>,
    #[prost(message, optional, tag = "2")]
    pub udp: Option<ProtocolMatch>,
    #[prost(message, optional, tag = "3")]
    pub sctp: Option<ProtocolMatch>,
    #[prost(string, optional, tag = "4")]
    pub destination_named_port: Option<String>,
}

/// `ProtocolMatch` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProtocolMatch {
    #[prost(message, optional, tag = "1")]
    pub destination_port: Option<DestinationPort>,
}

/// `DestinationPort` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DestinationPort {
    #[prost(int32, optional, tag = "1")]
    pub number: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub range: Option<DestinationRange>,
}

/// `DestinationRange` of the network-policy API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DestinationRange {
    #[prost(int32, tag = "1")]
    pub start: i32,
    #[prost(int32, tag = "2")]
    pub end: i32,
}
