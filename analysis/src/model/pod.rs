//! Pods, and the pod specification that every workload kind shares.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::container::{Container, EphemeralContainer, ResourceRequirements};
use super::meta::ObjectMeta;
use super::pairs::Amounts;
use super::security_context::PodSecurityContext;
use super::volume::Volume;

/// `Pod` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pod {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PodSpec>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<PodStatus>,
}

/// `PodStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    #[prost(string, tag = "1")]
    pub phase: String,
    #[serde(rename = "podIP")]
    #[prost(string, tag = "6")]
    pub pod_ip: String,
    #[serde(rename = "podIPs")]
    #[prost(message, repeated, tag = "12")]
    pub pod_ips: Vec<PodIP>,
    #[prost(message, repeated, tag = "8")]
    pub container_statuses: Vec<ContainerStatus>,
    #[prost(message, repeated, tag = "10")]
    pub init_container_statuses: Vec<ContainerStatus>,
}

/// `PodIP` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodIP {
    #[prost(string, tag = "1")]
    pub ip: String,
}

/// `ContainerStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "6")]
    pub image: String,
    #[serde(rename = "imageID")]
    #[prost(string, tag = "7")]
    pub image_id: String,
}

/// `PodTemplateSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodTemplateSpec {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PodSpec>,
}

/// `PodSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    #[prost(message, repeated, tag = "1")]
    pub volumes: Vec<Volume>,
    #[prost(message, repeated, tag = "20")]
    pub init_containers: Vec<Container>,
    #[prost(message, repeated, tag = "2")]
    pub containers: Vec<Container>,
    #[prost(message, repeated, tag = "34")]
    pub ephemeral_containers: Vec<EphemeralContainer>,
    #[prost(string, tag = "8")]
    pub service_account_name: String,
    #[prost(bool, optional, tag = "21")]
    pub automount_service_account_token: Option<bool>,
    #[prost(string, tag = "10")]
    pub node_name: String,
    #[prost(bool, tag = "11")]
    pub host_network: bool,
    #[serde(rename = "hostPID")]
    #[prost(bool, tag = "12")]
    pub host_pid: bool,
    #[serde(rename = "hostIPC")]
    #[prost(bool, tag = "13")]
    pub host_ipc: bool,
    #[prost(bool, optional, tag = "37")]
    pub host_users: Option<bool>,
    #[prost(bool, optional, tag = "27")]
    pub share_process_namespace: Option<bool>,
    #[prost(message, optional, boxed, tag = "14")]
    pub security_context: Option<Box<PodSecurityContext>>,
    #[prost(message, repeated, tag = "15")]
    pub image_pull_secrets: Vec<LocalObjectReference>,
    #[prost(message, repeated, tag = "22")]
    pub tolerations: Vec<Toleration>,
    #[prost(string, tag = "24")]
    pub priority_class_name: String,
    #[prost(string, tag = "29")]
    pub runtime_class_name: String,
    #[prost(message, optional, tag = "36")]
    pub os: Option<PodOS>,
    /// What all containers together may use (from 1.34 on by default); it bounds those without limits of their own.
    #[prost(message, optional, tag = "40")]
    pub resources: Option<ResourceRequirements>,
    #[prost(string, tag = "3")]
    pub restart_policy: String,
    /// What the runtime class takes for itself.
    #[prost(message, repeated, tag = "32")]
    pub overhead: Amounts,
}

/// `PodOS` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodOS {
    #[prost(string, tag = "1")]
    pub name: String,
}

/// `LocalObjectReference` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalObjectReference {
    #[prost(string, tag = "1")]
    pub name: String,
}

/// `Toleration` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Toleration {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(string, tag = "2")]
    pub operator: String,
    #[prost(string, tag = "3")]
    pub value: String,
    #[prost(string, tag = "4")]
    pub effect: String,
}
