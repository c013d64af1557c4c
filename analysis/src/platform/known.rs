//! The projects that are known, and what each needs of a node.
//!
//! `known.json` follows what the projects publish. `images` lists the repositories of all containers, sidecars included; an
//! asterisk stands for what differs by region or for what a vendor publishes there, and a name of `registries` for any of the
//! registries that it lists: each region of a cloud has its own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A project of the platform.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Known {
    pub(super) project: String,
    /// Why it needs what it has, in a sentence.
    pub(super) reason: String,
    /// Whether nodes run it from a file, and not a DaemonSet.
    #[serde(default)]
    pub(super) is_static: bool,
    pub(super) images: Vec<String>,
    #[serde(default)]
    pub(super) shows: Shows,
    pub(super) needs: Needs,
}

/// What it could not do its work without, and so is known by.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shows {
    /// Paths of the node of which it mounts at least one, or what is below.
    #[serde(default)]
    pub(super) mounts: Vec<String>,
    /// Namespaces of the node that it shares.
    #[serde(default)]
    pub(super) namespaces: Vec<String>,
    /// Capabilities that one of its containers is given.
    #[serde(default)]
    pub(super) capabilities: Vec<String>,
}

/// What it may need. Anything else that it has is not expected.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Needs {
    /// To run privileged, and so confined by nothing.
    pub(super) privileged: bool,
    /// To run as root.
    pub(super) root: bool,
    pub(super) capabilities: Vec<String>,
    pub(super) namespaces: Vec<String>,
    /// Paths of the node that it writes; what is below them is included.
    pub(super) writes: Vec<String>,
    /// Paths that it only reads.
    pub(super) reads: Vec<String>,
    /// Ports of the node.
    pub(super) ports: Vec<i64>,
    /// Whether it takes whatever port of the node it is asked to.
    pub(super) any_port: bool,
    /// Kernel parameters that it sets.
    pub(super) sysctls: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    /// Registries that hold the same, by the name that stands for any of them.
    registries: BTreeMap<String, Vec<String>>,
    /// Repositories of what clusters come with and what needs no privilege.
    add_ons: Vec<String>,
    projects: Vec<Known>,
}

/// What can't be read is left out, and a test counts what was.
fn read() -> File {
    serde_json::from_str(include_str!("known.json")).unwrap_or_default()
}

pub(super) static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| read().projects);

pub(super) static REGISTRIES: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| read().registries);

pub(super) static ADD_ONS: LazyLock<Vec<String>> = LazyLock::new(|| read().add_ons);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host_path::normalise;

    #[test]
    fn the_file_is_read_whole_and_each_project_says_why_and_shows_what_it_is() {
        assert!(KNOWN.len() > 20 && !ADD_ONS.is_empty());
        for known in KNOWN.iter() {
            let shows = [&known.shows.mounts, &known.shows.namespaces, &known.shows.capabilities];
            let is_shown = shows.iter().any(|shown| !shown.is_empty());
            assert!(
                known.reason.ends_with('.') && is_shown && !known.images.is_empty(),
                "{}",
                known.project
            );
        }
    }

    #[test]
    fn paths_are_written_as_they_are_compared() {
        for known in KNOWN.iter() {
            let needs = known.needs.writes.iter().chain(&known.needs.reads);
            for path in needs.chain(&known.shows.mounts) {
                assert_eq!(&normalise(path), path, "{}", known.project);
            }
        }
    }

    #[test]
    fn every_repository_names_its_registry() {
        let images = KNOWN.iter().flat_map(|known| &known.images).chain(ADD_ONS.iter());
        for image in images {
            let host = image.split('/').next().unwrap();
            let is_registry = host.contains('.') || REGISTRIES.contains_key(host);
            assert!(is_registry && image.contains('/'), "{image}");
        }
    }
}
