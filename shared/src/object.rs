//! References to Kubernetes objects.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One object of a cluster, by what a person would type to find it. A uid is never part of it, so it survives re-creation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRef {
    /// API group; empty for the core group.
    pub group: String,
    /// Kind, as in a manifest: `Deployment`. `Cluster` (with an empty group) stands for the cluster as a whole.
    pub kind: String,
    /// Namespace; empty for cluster-scoped objects.
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl ObjectRef {
    /// The cluster as a whole, for checks that judge no single object.
    pub fn cluster() -> Self {
        Self {
            group: String::new(),
            kind: "Cluster".into(),
            namespace: String::new(),
            name: "cluster".into(),
        }
    }
}

impl std::fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.namespace.as_str() {
            "" => write!(f, "{} {}", self.kind, self.name),
            namespace => write!(f, "{} {namespace}/{}", self.kind, self.name),
        }
    }
}
