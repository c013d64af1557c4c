//! A tar.gz of manifests. Nothing of it is written anywhere, so its paths are only names.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use tar::Archive;

use super::files::{self, Bounded};
use super::sink::Sink;
use super::tree;

/// Entries that are looked at.
const MAX_ENTRIES: usize = 100_000;
/// What it may unpack to.
const MAX_UNPACKED: u64 = 256 << 20;

/// Whether a file of that name is such an archive.
pub(super) fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".tar.gz") || name.ends_with(".tgz")
}

/// Reads its manifests. What goes wrong is told to the sink; what was read before stays.
pub(super) fn read(name: &str, packed: impl Read, sink: &mut Sink) {
    let unpacked = Bounded::new(MultiGzDecoder::new(packed), MAX_UNPACKED, sink.deadline);
    if let Err(error) = entries(name, &mut Archive::new(unpacked), sink) {
        sink.reject_file(name, &error);
    }
}

fn entries(name: &str, archive: &mut Archive<impl Read>, sink: &mut Sink) -> io::Result<()> {
    for (number, entry) in archive.entries()?.enumerate() {
        let entry = entry?;
        if number >= MAX_ENTRIES {
            return Err(io::Error::other(format!(
                "the archive has more than {MAX_ENTRIES} entries"
            )));
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type().is_file() && tree::is_manifest(path.as_ref()) {
            files::read(&format!("{name}:{path}"), entry, sink);
        }
    }
    Ok(())
}
