//! What pods and containers may do on their node.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

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
