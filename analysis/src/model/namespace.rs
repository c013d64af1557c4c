//! Namespaces.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the Kubernetes API reference"
)]

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;

/// `Namespace` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Namespace {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "3")]
    pub status: Option<NamespaceStatus>,
}

/// `NamespaceStatus` of the Kubernetes API, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamespaceStatus {
    #[prost(string, tag = "1")]
    pub phase: String,
}

impl Namespace {
    /// Whether it is being deleted: nothing can be created in it any more, no policy and no quota either.
    pub fn is_terminating(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.phase == "Terminating")
    }
}
