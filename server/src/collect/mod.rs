//! Reading a cluster: from its API server, or from manifests.

mod archive;
mod budget;
mod documents;
#[cfg(test)]
mod fake;
mod fetch;
pub mod files;
pub mod handshake;
mod list;
pub mod live;
mod manifest;
mod old_tls;
pub mod probes;
mod retry;
mod roles;
mod serving;
mod sink;
pub mod target;
mod tree;
mod versions;
mod words;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use analysis::model::Snapshot;
use shared::clusters::Source;
use shared::ids::ClusterId;
use shared::object::ObjectRef;
use shared::snapshots::Progress;

/// What was read of a cluster at one time.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The cluster.
    pub id: ClusterId,
    /// Its name.
    pub name: String,
    /// Where it was read from.
    pub source: Source,
    /// Its objects, and for each kind how reading it ended.
    pub snapshot: Snapshot,
    /// Where its objects are written, those of manifests in files.
    pub positions: BTreeMap<ObjectRef, Position>,
    /// What else went wrong on the way, one sentence each. They never repeat a value of what was read.
    pub warnings: Vec<String>,
}

/// Where an object is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The file, as it was named, or below the folder that was.
    pub file: Arc<Path>,
    /// The line of the file in which the object's document starts, from 1; none where that is not known.
    pub line: Option<u64>,
}

/// Told after each kind.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// No kubeconfig was found, and the process runs in no pod.
    #[error("there is no kubeconfig with a current context, and this is no pod of a cluster")]
    NoCluster,
    /// The kubeconfig can't be read, or its context not be used.
    #[error("the kubeconfig can't be used")]
    Kubeconfig(#[source] kube::config::KubeconfigError),
    /// The kubeconfig has no such context.
    #[error("the kubeconfig has no context {0}")]
    NoContext(String),
    /// The service account of the pod can't be used.
    #[error("the service account of this pod can't be used")]
    InCluster(#[source] kube::config::InClusterError),
    /// No client can be made of the configuration.
    #[error("no client can be made of the configuration")]
    Client(#[source] kube::Error),
    /// A credential plugin failed, or was not done in time. What it printed may be a secret.
    #[error("the credentials can't be obtained: run `kubectl get namespaces` to see why")]
    Credentials,
    /// The API server does not answer as one.
    #[error("the API server can't be reached: {0}")]
    Unreachable(String),
    /// The API server said 401.
    #[error("the API server does not accept the credentials: {0}")]
    Unauthorised(String),
    /// A path that was named can't be read.
    #[error("{path} can't be read")]
    Input {
        /// The path, as it was named.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There was something to read, but no document of it could be parsed.
    #[error("nothing could be read: {0}")]
    NothingRead(String),
}
