//! Containers of a pod: what they run, what they are given, how they are watched.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::pairs::Amounts;
use super::pod::LocalObjectReference;
use super::quantity::IntOrString;
use super::security_context::SecurityContext;

/// `Container` of the Kubernetes API, as far as posture depends on it. What few containers have is boxed: a cluster has
/// tens of thousands of them.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Container {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub image: String,
    #[prost(string, repeated, tag = "3")]
    pub command: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    pub args: Vec<String>,
    #[prost(message, repeated, tag = "6")]
    pub ports: Vec<ContainerPort>,
    #[prost(message, repeated, tag = "19")]
    pub env_from: Vec<EnvFromSource>,
    #[prost(message, repeated, tag = "7")]
    pub env: Vec<EnvVar>,
    #[prost(message, optional, tag = "8")]
    pub resources: Option<ResourceRequirements>,
    #[prost(message, repeated, tag = "9")]
    pub volume_mounts: Vec<VolumeMount>,
    #[prost(string, tag = "14")]
    pub image_pull_policy: String,
    #[prost(message, optional, boxed, tag = "15")]
    pub security_context: Option<Box<SecurityContext>>,
    #[prost(message, optional, boxed, tag = "10")]
    pub liveness_probe: Option<Box<Probe>>,
    #[prost(message, optional, boxed, tag = "11")]
    pub readiness_probe: Option<Box<Probe>>,
    #[prost(message, optional, boxed, tag = "22")]
    pub startup_probe: Option<Box<Probe>>,
    #[prost(string, optional, tag = "24")]
    pub restart_policy: Option<String>,
    #[prost(message, optional, boxed, tag = "12")]
    pub lifecycle: Option<Box<Lifecycle>>,
}

/// `EphemeralContainer` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EphemeralContainer {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub ephemeral_container_common: Option<Container>,
    #[prost(string, tag = "2")]
    pub target_container_name: String,
}

/// `ContainerPort` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(int32, tag = "2")]
    pub host_port: i32,
    #[prost(int32, tag = "3")]
    pub container_port: i32,
    #[prost(string, tag = "4")]
    pub protocol: String,
    #[serde(rename = "hostIP")]
    #[prost(string, tag = "5")]
    pub host_ip: String,
}

/// `EnvFromSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvFromSource {
    #[prost(string, tag = "1")]
    pub prefix: String,
    #[prost(message, optional, tag = "2")]
    pub config_map_ref: Option<ConfigMapEnvSource>,
    #[prost(message, optional, tag = "3")]
    pub secret_ref: Option<SecretEnvSource>,
}

/// `ConfigMapEnvSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMapEnvSource {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
    #[prost(bool, optional, tag = "2")]
    pub optional: Option<bool>,
}

/// `SecretEnvSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretEnvSource {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
    #[prost(bool, optional, tag = "2")]
    pub optional: Option<bool>,
}

/// `EnvVar` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvVar {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(message, optional, boxed, tag = "3")]
    pub value_from: Option<Box<EnvVarSource>>,
}

/// `EnvVarSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvVarSource {
    #[prost(message, optional, tag = "1")]
    pub field_ref: Option<ObjectFieldSelector>,
    #[prost(message, optional, tag = "3")]
    pub config_map_key_ref: Option<ConfigMapKeySelector>,
    #[prost(message, optional, tag = "4")]
    pub secret_key_ref: Option<SecretKeySelector>,
}

/// `ObjectFieldSelector` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectFieldSelector {
    #[prost(string, tag = "2")]
    pub field_path: String,
}

/// `ConfigMapKeySelector` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMapKeySelector {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
    #[prost(string, tag = "2")]
    pub key: String,
    #[prost(bool, optional, tag = "3")]
    pub optional: Option<bool>,
}

/// `SecretKeySelector` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretKeySelector {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
    #[prost(string, tag = "2")]
    pub key: String,
    #[prost(bool, optional, tag = "3")]
    pub optional: Option<bool>,
}

/// `ResourceRequirements` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceRequirements {
    #[prost(message, repeated, tag = "1")]
    pub limits: Amounts,
    #[prost(message, repeated, tag = "2")]
    pub requests: Amounts,
}

/// `VolumeMount` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeMount {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(bool, tag = "2")]
    pub read_only: bool,
    #[prost(string, tag = "3")]
    pub mount_path: String,
    #[prost(string, tag = "4")]
    pub sub_path: String,
    #[prost(string, optional, tag = "5")]
    pub mount_propagation: Option<String>,
}

/// `Probe` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Probe {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub handler: Option<ProbeHandler>,
}

/// `ProbeHandler` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProbeHandler {
    #[prost(message, optional, tag = "1")]
    pub exec: Option<ExecAction>,
    #[prost(message, optional, tag = "2")]
    pub http_get: Option<HTTPGetAction>,
    #[prost(message, optional, tag = "3")]
    pub tcp_socket: Option<TCPSocketAction>,
    #[prost(message, optional, tag = "4")]
    pub grpc: Option<GRPCAction>,
}

/// `ExecAction` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExecAction {}

/// `HTTPGetAction` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HTTPGetAction {
    #[prost(message, optional, tag = "2")]
    pub port: Option<IntOrString>,
    #[prost(string, tag = "3")]
    pub host: String,
    #[prost(string, tag = "4")]
    pub scheme: String,
}

/// `TCPSocketAction` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TCPSocketAction {
    #[prost(message, optional, tag = "1")]
    pub port: Option<IntOrString>,
    #[prost(string, tag = "2")]
    pub host: String,
}

/// `GRPCAction` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GRPCAction {
    #[prost(int32, tag = "1")]
    pub port: i32,
}

/// `Lifecycle` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lifecycle {
    #[prost(message, optional, tag = "1")]
    pub post_start: Option<LifecycleHandler>,
    #[prost(message, optional, tag = "2")]
    pub pre_stop: Option<LifecycleHandler>,
}

/// `LifecycleHandler` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LifecycleHandler {
    #[prost(message, optional, tag = "1")]
    pub exec: Option<ExecAction>,
    #[prost(message, optional, tag = "2")]
    pub http_get: Option<HTTPGetAction>,
    #[prost(message, optional, tag = "3")]
    pub tcp_socket: Option<TCPSocketAction>,
}
