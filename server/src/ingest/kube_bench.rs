//! Results of kube-bench, one file for each node.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use analysis::kube_bench::{LARGEST, ParseError, parse};
use shared::kube_bench::KubeBenchReport;

/// Why a file could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// It can't be read.
    #[error("{path} can't be read")]
    Read {
        /// The file, as it was named.
        path: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not what kube-bench writes.
    #[error("{path} is no result of kube-bench")]
    Parse {
        /// The file, as it was named.
        path: String,
        /// What is wrong with it, and where.
        #[source]
        source: ParseError,
    },
}

/// Reads the files that kube-bench wrote with `--json`. Each is called by its name without the ending, which should be that of
/// its node; files of one name in several folders by their whole paths. It blocks.
///
/// # Errors
/// A file can't be read, or is not what kube-bench writes.
pub fn read(paths: &[PathBuf]) -> Result<Vec<KubeBenchReport>, IngestError> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths {
        *names.entry(stem(path)).or_default() += 1;
    }
    let report = |path: &PathBuf| {
        let name = stem(path);
        let is_alone = names.get(&name) == Some(&1);
        read_one(path, &if is_alone { name } else { path.display().to_string() })
    };
    paths.iter().map(report).collect()
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or(path.as_os_str());
    stem.to_string_lossy().into_owned()
}

fn read_one(path: &Path, node: &str) -> Result<KubeBenchReport, IngestError> {
    let name = || path.display().to_string();
    let json = bytes(path).map_err(|source| IngestError::Read { path: name(), source })?;
    parse(node, &json).map_err(|source| IngestError::Parse { path: name(), source })
}

/// The bytes of a file, and no more than one beyond what is taken in.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;

    use super::*;

    const RUN: &str = r#"{"Controls": [{"version": "cis-1.12", "tests": [{"results": [
        {"test_number": "4.1.1", "test_desc": "Mode of a file", "status": "FAIL", "scored": true}
    ]}]}], "Totals": {"total_fail": 1}}"#;

    /// Does something with files in a folder of this name.
    fn with_files(folder: &str, files: &[(&str, &str)], ask: impl Fn(&[PathBuf])) {
        let folder = std::env::temp_dir().join(format!("plimsoll-{folder}-{}", std::process::id()));
        let write = |(name, text): &(&str, &str)| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        ask(&files.iter().map(write).collect::<Vec<_>>());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_is_called_by_its_name_and_by_its_path_where_that_is_not_its_own() {
        let files = [("worker-1.json", RUN), ("a/run.json", RUN), ("b/run.json", RUN)];
        with_files("ingest-names", &files, |paths| {
            let nodes: Vec<String> = read(paths).unwrap().into_iter().map(|report| report.node).collect();
            assert_eq!(nodes[0], "worker-1");
            assert!(
                nodes[1].ends_with("a/run.json") && nodes[2].ends_with("b/run.json"),
                "{nodes:?}"
            );
        });
    }

    #[test]
    fn an_error_names_the_file_and_the_place_in_it() {
        let files = [("worker-1.json", RUN), ("worker-2.json", "{\n\"Controls\": 7}")];
        with_files("ingest-errors", &files, |paths| {
            let error = read(paths).unwrap_err();
            assert!(error.to_string().contains("worker-2.json"), "{error}");
            assert!(error.source().unwrap().to_string().starts_with("line 2, column "));
            let missing = read(&[paths[0].with_file_name("none.json")]).unwrap_err();
            assert!(matches!(missing, IngestError::Read { .. }));
        });
    }
}
