//! A change to the cluster that closes a finding.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::ObjectRef;

/// A change that a person can apply with kubectl, and that the API server accepts in a dry run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "how")]
pub enum Patch {
    /// A strategic merge patch, for built-in kinds (`kubectl patch --type strategic`).
    Strategic {
        /// What is patched.
        target: ObjectRef,
        /// The patch.
        #[schema(value_type = Object)]
        body: serde_json::Value,
    },
    /// A JSON merge patch, RFC 7386 (`kubectl patch --type merge`).
    Merge {
        /// What is patched.
        target: ObjectRef,
        /// The patch.
        #[schema(value_type = Object)]
        body: serde_json::Value,
    },
    /// A new object (`kubectl apply -f -`).
    Create {
        /// The manifest.
        #[schema(value_type = Object)]
        manifest: serde_json::Value,
    },
    /// The object goes (`kubectl delete`).
    Delete {
        /// What is deleted.
        target: ObjectRef,
    },
}
