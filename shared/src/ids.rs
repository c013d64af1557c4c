//! Identifiers, each its own type so that one can't be passed for another.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A cluster: the uid of its kube-system namespace, or a uuid derived from the name given to a set of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ClusterId(pub Uuid);

/// A snapshot, numbered upwards within its cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct SnapshotId(pub i64);

/// A finding: `f-` and 16 hexadecimal digits, the hash of what the finding is about. Stable across snapshots and releases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct FindingId(pub String);

macro_rules! show_as_inner {
    ($($id:ident),*) => {$(
        impl std::fmt::Display for $id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}
show_as_inner!(ClusterId, SnapshotId, FindingId);
