//! The manifests of a directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::sink::Sink;

/// Files and directories that are looked at; more is no set of manifests.
const MAX_ENTRIES: usize = 200_000;
const MAX_DEPTH: usize = 64;

/// Whether a file of that name can hold manifests.
pub(super) fn is_manifest(path: &Path) -> bool {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    ["yaml", "yml", "json"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// The manifests below `root`, sorted. A symbolic link is never followed: what it names inside `root` is found under its own
/// name, and what lies outside was not asked for.
///
/// # Errors
/// `root` can't be read. What below it can't be is told to the sink.
pub(super) fn manifests(root: &Path, sink: &mut Sink) -> io::Result<Vec<PathBuf>> {
    let inside = root.canonicalize()?;
    let mut found = Vec::new();
    let mut pending = vec![(root.to_owned(), 0)];
    let mut seen = 0;
    while let Some((directory, depth)) = pending.pop() {
        let entries = match fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                sink.reject_file(&directory.display().to_string(), &error);
                continue;
            }
        };
        for entry in entries.flatten() {
            seen += 1;
            if seen > MAX_ENTRIES {
                sink.warn(format!("{}: there are more than {MAX_ENTRIES} files", root.display()));
                found.sort();
                return Ok(found);
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => pending.push((entry.path(), depth + 1)),
                Ok(kind) if kind.is_file() && is_manifest(&entry.path()) => found.push(entry.path()),
                Ok(kind) if kind.is_symlink() => look_through(&entry.path(), &inside, sink),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

fn look_through(link: &Path, inside: &Path, sink: &mut Sink) {
    let leads_outside = link.canonicalize().is_ok_and(|target| !target.starts_with(inside));
    if leads_outside && (is_manifest(link) || link.is_dir()) {
        sink.warn(format!(
            "{}: the link leads out of the directory, and was not followed",
            link.display()
        ));
    }
}
