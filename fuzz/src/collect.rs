//! The reading of manifests, by the very files of the server. Only these are compiled here: the crate as a whole brings a
//! database and an HTTP server, and takes ten times as long to build for the fuzzer.

#![allow(dead_code, reason = "the server uses what is not used here")]

#[path = "../../server/src/collect/budget.rs"]
mod budget;
#[path = "../../server/src/collect/documents.rs"]
mod documents;
#[path = "../../server/src/collect/files.rs"]
pub mod files;
#[path = "../../server/src/collect/manifest.rs"]
mod manifest;
#[path = "../../server/src/collect/sink.rs"]
mod sink;
#[path = "../../server/src/collect/tree.rs"]
mod tree;
#[path = "../../server/src/collect/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use analysis::model::Snapshot;
use shared::clusters::Source;
use shared::ids::ClusterId;
use shared::object::ObjectRef;

/// As `server::collect::Collection`.
pub struct Collection {
    id: ClusterId,
    name: String,
    source: Source,
    /// The objects, and for each kind how reading it ended.
    pub snapshot: Snapshot,
    positions: BTreeMap<ObjectRef, Position>,
    warnings: Vec<String>,
}

/// As `server::collect::Position`.
pub struct Position {
    file: Arc<Path>,
    line: Option<u64>,
}

/// As `server::collect::CollectError`, without what befalls a live cluster.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A path that was named can't be read.
    #[error("{path} can't be read")]
    Input {
        /// The path, as it was named.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// No document of it could be parsed.
    #[error("nothing could be read: {0}")]
    NothingRead(String),
}

/// As `server::collect::archive`. Behind the checksums of gzip a fuzzer finds nothing, and what is packed are manifests.
mod archive {
    pub(super) fn is_archive(_: &str) -> bool {
        false
    }

    pub(super) fn read(_: &str, _: impl std::io::Read, _: &mut super::sink::Sink) {}
}

/// As `server::collect::roles`, which asks a live cluster for what others' roles refer to.
mod roles {
    pub(super) fn doubt(_: &mut super::Snapshot) {}
}

/// What `plimsoll scan --manifests -` makes of its standard input; none where it makes nothing of it.
pub fn manifests(input: &[u8]) -> Option<Snapshot> {
    let collection = files::collect(&["-".into()], "fuzz", input).ok()?;
    Some(collection.snapshot)
}
