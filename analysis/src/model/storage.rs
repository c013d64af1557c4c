//! Persistent volumes, claims and storage classes.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;
use super::volume::HostPathVolumeSource;

/// `PersistentVolume` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolume {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PersistentVolumeSpec>,
}

/// `PersistentVolumeSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeSpec {
    #[serde(flatten)]
    #[prost(message, optional, tag = "2")]
    pub persistent_volume_source: Option<PersistentVolumeSource>,
    #[prost(string, repeated, tag = "3")]
    pub access_modes: Vec<String>,
    #[prost(string, tag = "5")]
    pub persistent_volume_reclaim_policy: String,
    #[prost(string, tag = "6")]
    pub storage_class_name: String,
}

/// `PersistentVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeSource {
    #[prost(message, optional, tag = "3")]
    pub host_path: Option<HostPathVolumeSource>,
    #[prost(message, optional, tag = "20")]
    pub local: Option<LocalVolumeSource>,
}

/// `LocalVolumeSource` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalVolumeSource {
    #[prost(string, tag = "1")]
    pub path: String,
}

/// `PersistentVolumeClaim` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaim {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PersistentVolumeClaimSpec>,
}

/// `PersistentVolumeClaimSpec` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersistentVolumeClaimSpec {
    #[prost(string, repeated, tag = "1")]
    pub access_modes: Vec<String>,
    #[prost(string, tag = "3")]
    pub volume_name: String,
    #[prost(string, optional, tag = "5")]
    pub storage_class_name: Option<String>,
}

/// `StorageClass` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StorageClass {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(string, tag = "2")]
    pub provisioner: String,
    #[prost(string, optional, tag = "4")]
    pub reclaim_policy: Option<String>,
}
