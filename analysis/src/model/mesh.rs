//! Istio, as far as it says how pods of its mesh may be spoken to.
//!
//! Served as JSON only; the tags are our own and number what the store keeps.

#![allow(
    missing_docs,
    reason = "fields are named and specified as in the published resource definition"
)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::meta::{LabelSelector, ObjectMeta};

/// `PeerAuthentication` of Istio, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PeerAuthentication {
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    pub spec: Option<PeerAuthenticationSpec>,
}

/// `PeerAuthenticationSpec` of Istio, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PeerAuthenticationSpec {
    #[prost(message, optional, tag = "1")]
    pub selector: Option<LabelSelector>,
    #[prost(message, optional, tag = "2")]
    pub mtls: Option<PeerMtls>,
    #[prost(btree_map = "string, message", tag = "3")]
    pub port_level_mtls: BTreeMap<String, PeerMtls>,
}

/// `MutualTLS` of Istio, as far as posture depends on it.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PeerMtls {
    #[prost(string, tag = "1")]
    pub mode: String,
}
