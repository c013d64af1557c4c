//! Clusters that are watched.

use shared::clusters::{Cluster, PATH};

use super::client::{self, Request};

/// All clusters.
pub(crate) fn list() -> Request<Vec<Cluster>> {
    client::get(PATH, &())
}
