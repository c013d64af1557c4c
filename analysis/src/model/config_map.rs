//! ConfigMaps: their metadata, and nothing of what they hold.

use serde::{Deserialize, Serialize};

use super::meta::ObjectMeta;

/// What is known of a ConfigMap.
#[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMap {
    /// Its metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
}
