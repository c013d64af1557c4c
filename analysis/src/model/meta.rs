//! Metadata that every object carries.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::annotations::{self, Annotation};
use super::pairs::Labels;
use super::quantity::Time;

/// `ObjectMeta` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    #[prost(string, tag = "1")]
    pub name: String,
    /// Only until the object is kept: what has it has a name by then.
    #[prost(string, tag = "2")]
    pub generate_name: String,
    #[prost(string, tag = "3")]
    pub namespace: String,
    #[prost(message, optional, tag = "8")]
    pub creation_timestamp: Option<Time>,
    #[prost(message, repeated, tag = "11")]
    pub labels: Labels,
    /// Only those of the allow-list in `annotations.rs`; the others are dropped while they are decoded.
    #[serde(with = "annotations")]
    #[prost(message, repeated, tag = "12")]
    pub annotations: Vec<Annotation>,
    #[prost(message, repeated, tag = "13")]
    pub owner_references: Vec<OwnerReference>,
}

/// `OwnerReference` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerReference {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(string, tag = "3")]
    pub name: String,
    #[prost(string, tag = "5")]
    pub api_version: String,
    #[prost(bool, optional, tag = "6")]
    pub controller: Option<bool>,
}

/// `LabelSelector` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelector {
    #[prost(message, repeated, tag = "1")]
    pub match_labels: Labels,
    #[prost(message, repeated, tag = "2")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// `LabelSelectorRequirement` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelectorRequirement {
    #[prost(string, tag = "1")]
    pub key: String,
    #[prost(string, tag = "2")]
    pub operator: String,
    #[prost(string, repeated, tag = "3")]
    pub values: Vec<String>,
}

impl ObjectMeta {
    /// The value of an annotation that the allow-list lets through.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations
            .iter()
            .find(|annotation| annotation.key == key)
            .map(|annotation| annotation.value.as_str())
    }

    /// The owner that manages this object, if one does.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references
            .iter()
            .find(|owner| owner.controller == Some(true))
    }

    /// Whether it is of a pod that stands for a static pod of its node. The API server guards the annotation: whoever sets it
    /// may use no ServiceAccount and no Secret, and the node ends a pod that it has no file for.
    pub fn is_mirror(&self) -> bool {
        let is_node = |owner: &OwnerReference| owner.kind == "Node" && owner.api_version == "v1";
        self.annotation("kubernetes.io/config.mirror").is_some() && self.controller().is_some_and(is_node)
    }
}
