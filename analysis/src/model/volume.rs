//! Volumes of a pod.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::pod::LocalObjectReference;

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
