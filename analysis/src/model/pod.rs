//! Pods, and the pod specification that every workload kind shares.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;
use super::quantity::{IntOrString, Quantity};

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
    #[prost(message, optional, tag = "14")]
    pub security_context: Option<PodSecurityContext>,
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

/// `Container` of the Kubernetes API, as far as posture depends on it.
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
    #[prost(message, optional, tag = "15")]
    pub security_context: Option<SecurityContext>,
    #[prost(message, optional, tag = "10")]
    pub liveness_probe: Option<Probe>,
    #[prost(message, optional, tag = "11")]
    pub readiness_probe: Option<Probe>,
    #[prost(message, optional, tag = "22")]
    pub startup_probe: Option<Probe>,
    #[prost(string, optional, tag = "24")]
    pub restart_policy: Option<String>,
    #[prost(message, optional, tag = "12")]
    pub lifecycle: Option<Lifecycle>,
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
    #[prost(message, optional, tag = "3")]
    pub value_from: Option<EnvVarSource>,
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
    #[prost(btree_map = "string, message", tag = "1")]
    pub limits: BTreeMap<String, Quantity>,
    #[prost(btree_map = "string, message", tag = "2")]
    pub requests: BTreeMap<String, Quantity>,
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

/// `SecurityContext` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecurityContext {
    #[prost(message, optional, tag = "1")]
    pub capabilities: Option<Capabilities>,
    #[prost(bool, optional, tag = "2")]
    pub privileged: Option<bool>,
    #[prost(message, optional, tag = "3")]
    pub se_linux_options: Option<SELinuxOptions>,
    #[prost(message, optional, tag = "10")]
    pub windows_options: Option<WindowsSecurityContextOptions>,
    #[prost(int64, optional, tag = "4")]
    pub run_as_user: Option<i64>,
    #[prost(int64, optional, tag = "8")]
    pub run_as_group: Option<i64>,
    #[prost(bool, optional, tag = "5")]
    pub run_as_non_root: Option<bool>,
    #[prost(bool, optional, tag = "6")]
    pub read_only_root_filesystem: Option<bool>,
    #[prost(bool, optional, tag = "7")]
    pub allow_privilege_escalation: Option<bool>,
    #[prost(string, optional, tag = "9")]
    pub proc_mount: Option<String>,
    #[prost(message, optional, tag = "11")]
    pub seccomp_profile: Option<SeccompProfile>,
    #[prost(message, optional, tag = "12")]
    pub app_armor_profile: Option<AppArmorProfile>,
}

/// `PodSecurityContext` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSecurityContext {
    #[prost(message, optional, tag = "1")]
    pub se_linux_options: Option<SELinuxOptions>,
    #[prost(message, optional, tag = "8")]
    pub windows_options: Option<WindowsSecurityContextOptions>,
    #[prost(int64, optional, tag = "2")]
    pub run_as_user: Option<i64>,
    #[prost(int64, optional, tag = "6")]
    pub run_as_group: Option<i64>,
    #[prost(bool, optional, tag = "3")]
    pub run_as_non_root: Option<bool>,
    #[prost(int64, repeated, tag = "4")]
    pub supplemental_groups: Vec<i64>,
    #[prost(int64, optional, tag = "5")]
    pub fs_group: Option<i64>,
    #[prost(message, repeated, tag = "7")]
    pub sysctls: Vec<Sysctl>,
    #[prost(message, optional, tag = "10")]
    pub seccomp_profile: Option<SeccompProfile>,
    #[prost(message, optional, tag = "11")]
    pub app_armor_profile: Option<AppArmorProfile>,
}

/// `Capabilities` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Capabilities {
    #[prost(string, repeated, tag = "1")]
    pub add: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub drop: Vec<String>,
}

/// `SELinuxOptions` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SELinuxOptions {
    #[prost(string, tag = "1")]
    pub user: String,
    #[prost(string, tag = "2")]
    pub role: String,
    #[prost(string, tag = "3")]
    pub r#type: String,
    #[prost(string, tag = "4")]
    pub level: String,
}

/// `WindowsSecurityContextOptions` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WindowsSecurityContextOptions {
    #[prost(bool, optional, tag = "4")]
    pub host_process: Option<bool>,
    #[prost(string, optional, tag = "3")]
    pub run_as_user_name: Option<String>,
}

/// `SeccompProfile` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SeccompProfile {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(string, optional, tag = "2")]
    pub localhost_profile: Option<String>,
}

/// `AppArmorProfile` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppArmorProfile {
    #[prost(string, tag = "1")]
    pub r#type: String,
    #[prost(string, optional, tag = "2")]
    pub localhost_profile: Option<String>,
}

/// `Sysctl` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sysctl {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(string, tag = "2")]
    pub value: String,
}

/// `Volume` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Volume {
    #[prost(string, tag = "1")]
    pub name: String,
    #[serde(flatten)]
    #[prost(message, optional, tag = "2")]
    pub volume_source: Option<VolumeSource>,
}

/// `VolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeSource {
    #[prost(message, optional, tag = "1")]
    pub host_path: Option<HostPathVolumeSource>,
    #[prost(message, optional, tag = "2")]
    pub empty_dir: Option<EmptyDirVolumeSource>,
    #[prost(message, optional, tag = "3")]
    pub gce_persistent_disk: Option<OtherVolume>,
    #[prost(message, optional, tag = "4")]
    pub aws_elastic_block_store: Option<OtherVolume>,
    #[prost(message, optional, tag = "5")]
    pub git_repo: Option<OtherVolume>,
    #[prost(message, optional, tag = "6")]
    pub secret: Option<SecretVolumeSource>,
    #[prost(message, optional, tag = "7")]
    pub nfs: Option<OtherVolume>,
    #[prost(message, optional, tag = "8")]
    pub iscsi: Option<OtherVolume>,
    #[prost(message, optional, tag = "9")]
    pub glusterfs: Option<OtherVolume>,
    #[prost(message, optional, tag = "10")]
    pub persistent_volume_claim: Option<PersistentVolumeClaimVolumeSource>,
    #[prost(message, optional, tag = "11")]
    pub rbd: Option<OtherVolume>,
    #[prost(message, optional, tag = "12")]
    pub flex_volume: Option<OtherVolume>,
    #[prost(message, optional, tag = "13")]
    pub cinder: Option<OtherVolume>,
    #[prost(message, optional, tag = "14")]
    pub cephfs: Option<OtherVolume>,
    #[prost(message, optional, tag = "15")]
    pub flocker: Option<OtherVolume>,
    #[serde(rename = "downwardAPI")]
    #[prost(message, optional, tag = "16")]
    pub downward_api: Option<OtherVolume>,
    #[prost(message, optional, tag = "17")]
    pub fc: Option<OtherVolume>,
    #[prost(message, optional, tag = "18")]
    pub azure_file: Option<OtherVolume>,
    #[prost(message, optional, tag = "19")]
    pub config_map: Option<ConfigMapVolumeSource>,
    #[prost(message, optional, tag = "20")]
    pub vsphere_volume: Option<OtherVolume>,
    #[prost(message, optional, tag = "21")]
    pub quobyte: Option<OtherVolume>,
    #[prost(message, optional, tag = "22")]
    pub azure_disk: Option<OtherVolume>,
    #[prost(message, optional, tag = "23")]
    pub photon_persistent_disk: Option<OtherVolume>,
    #[prost(message, optional, tag = "26")]
    pub projected: Option<ProjectedVolumeSource>,
    #[prost(message, optional, tag = "24")]
    pub portworx_volume: Option<OtherVolume>,
    #[serde(rename = "scaleIO")]
    #[prost(message, optional, tag = "25")]
    pub scale_io: Option<OtherVolume>,
    #[prost(message, optional, tag = "27")]
    pub storageos: Option<OtherVolume>,
    #[prost(message, optional, tag = "28")]
    pub csi: Option<CSIVolumeSource>,
    #[prost(message, optional, tag = "29")]
    pub ephemeral: Option<OtherVolume>,
    #[prost(message, optional, tag = "30")]
    pub image: Option<OtherVolume>,
}

/// `HostPathVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HostPathVolumeSource {
    #[prost(string, tag = "1")]
    pub path: String,
    #[prost(string, optional, tag = "2")]
    pub r#type: Option<String>,
}

/// `EmptyDirVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EmptyDirVolumeSource {
    #[prost(string, tag = "1")]
    pub medium: String,
}

/// `SecretVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretVolumeSource {
    #[prost(string, tag = "1")]
    pub secret_name: String,
    #[prost(bool, optional, tag = "4")]
    pub optional: Option<bool>,
}

/// `PersistentVolumeClaimVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaimVolumeSource {
    #[prost(string, tag = "1")]
    pub claim_name: String,
    #[prost(bool, tag = "2")]
    pub read_only: bool,
}

/// `ConfigMapVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMapVolumeSource {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
    #[prost(bool, optional, tag = "4")]
    pub optional: Option<bool>,
}

/// `CSIVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CSIVolumeSource {
    #[prost(string, tag = "1")]
    pub driver: String,
    #[prost(bool, optional, tag = "2")]
    pub read_only: Option<bool>,
}

/// `ProjectedVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProjectedVolumeSource {
    #[prost(message, repeated, tag = "1")]
    pub sources: Vec<VolumeProjection>,
}

/// `VolumeProjection` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VolumeProjection {
    #[prost(message, optional, tag = "1")]
    pub secret: Option<SecretProjection>,
    #[prost(message, optional, tag = "3")]
    pub config_map: Option<ConfigMapProjection>,
    #[prost(message, optional, tag = "4")]
    pub service_account_token: Option<ServiceAccountTokenProjection>,
}

/// `SecretProjection` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretProjection {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
}

/// `ConfigMapProjection` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMapProjection {
    #[serde(flatten)]
    #[prost(message, optional, tag = "1")]
    pub local_object_reference: Option<LocalObjectReference>,
}

/// `ServiceAccountTokenProjection` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccountTokenProjection {
    #[prost(string, tag = "1")]
    pub audience: String,
    #[prost(int64, optional, tag = "2")]
    pub expiration_seconds: Option<i64>,
}

/// A kind of volume of which only its presence matters.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherVolume {}
