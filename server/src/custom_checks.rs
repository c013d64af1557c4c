//! The files of a user's own checks: read at start, and again before a snapshot where they changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use analysis::catalogue::Catalogue;

use crate::explain::explain;

/// How large a file may be, in bytes.
const MAX_SIZE: u64 = 1 << 20;
/// How many files there may be.
const MAX_FILES: usize = 200;

/// Why the user's own checks can't be read.
#[derive(Debug, thiserror::Error)]
pub enum CheckFilesError {
    /// A file or folder can't be read.
    #[error("{} can't be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// A file is larger than any that a person writes.
    #[error("{} is larger than {MAX_SIZE} bytes", .0.display())]
    Large(PathBuf),
    /// There are more files than there may be checks.
    #[error("there are more than {MAX_FILES} files of checks")]
    Many,
    /// A file holds something else.
    #[error(transparent)]
    Wrong(#[from] analysis::custom::Error),
}

/// The files, and the checks that were last read from them.
#[derive(Debug, Default)]
pub struct CheckFiles {
    paths: Vec<PathBuf>,
    read: Mutex<Read>,
}

/// What was read, and how the files were then.
#[derive(Debug, Default)]
struct Read {
    files: Vec<FileState>,
    catalogue: Catalogue,
    broken: Option<String>,
}

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FileState {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl CheckFiles {
    /// Reads the checks that are in these files and folders.
    ///
    /// # Errors
    /// A file can't be read, or holds something else.
    pub fn open(paths: &[PathBuf]) -> Result<Self, CheckFilesError> {
        let files = list(paths)?;
        let read = Read {
            catalogue: parse(&files)?,
            files,
            broken: None,
        };
        Ok(Self {
            paths: paths.to_vec(),
            read: Mutex::new(read),
        })
    }

    /// The checks that there are.
    pub fn catalogue(&self) -> Catalogue {
        self.read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .catalogue
            .clone()
    }

    /// The checks, read again if a file changed. Where one is broken they are the last good ones, and why is told.
    pub fn refresh(&self) -> (Catalogue, Option<String>) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = read.refresh(&self.paths) {
            let warning = format!("Your own checks are those of before: {}", explain(&error));
            if read.broken.as_ref() != Some(&warning) {
                tracing::error!("{warning}");
            }
            read.broken = Some(warning);
        }
        (read.catalogue.clone(), read.broken.clone())
    }
}

impl Read {
    fn refresh(&mut self, paths: &[PathBuf]) -> Result<(), CheckFilesError> {
        let files = list(paths)?;
        if files == self.files && self.broken.is_none() {
            return Ok(());
        }
        self.catalogue = parse(&files)?;
        (self.files, self.broken) = (files, None);
        tracing::info!(checks = self.catalogue.own().len(), "your own checks were read again");
        Ok(())
    }
}

/// The files, and those of the folders that end as YAML does, each folder in the order of their names.
fn list(paths: &[PathBuf]) -> Result<Vec<FileState>, CheckFilesError> {
    let mut files = Vec::new();
    for path in paths {
        let failed = |error| CheckFilesError::Read(path.clone(), error);
        if fs::metadata(path).map_err(failed)?.is_dir() {
            let entries = fs::read_dir(path).map_err(failed)?;
            let entries: Result<Vec<PathBuf>, io::Error> = entries.map(|entry| Ok(entry?.path())).collect();
            let mut within: Vec<PathBuf> = entries
                .map_err(failed)?
                .into_iter()
                .filter(|path| is_yaml(path))
                .collect();
            within.sort();
            files.extend(within);
        } else {
            files.push(path.clone());
        }
    }
    if files.len() > MAX_FILES {
        return Err(CheckFilesError::Many);
    }
    files.into_iter().map(state).collect()
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("yaml" | "yml")) && path.is_file()
}

fn state(path: PathBuf) -> Result<FileState, CheckFilesError> {
    match fs::metadata(&path) {
        Ok(found) if found.len() > MAX_SIZE => Err(CheckFilesError::Large(path)),
        Ok(found) => Ok(FileState {
            size: found.len(),
            modified: found.modified().ok(),
            path,
        }),
        Err(error) => Err(CheckFilesError::Read(path, error)),
    }
}

fn parse(files: &[FileState]) -> Result<Catalogue, CheckFilesError> {
    let read = |file: &FileState| {
        let text = fs::read_to_string(&file.path).map_err(|error| CheckFilesError::Read(file.path.clone(), error))?;
        Ok((file.path.display().to_string(), text))
    };
    let texts: Vec<(String, String)> = files.iter().map(read).collect::<Result<_, CheckFilesError>>()?;
    let named = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Ok(Catalogue::parse(named)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECK: &str = "
id: first
title: It is wrong
area: rbac
severity: low
rationale: r
remediation: r
kinds: [Namespace]
expression: has(object.metadata.labels)
";

    fn ids(catalogue: &Catalogue) -> Vec<String> {
        catalogue.own().iter().map(|check| check.id.clone()).collect()
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_broken_one_keeps_what_was_good() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("a.yaml", CHECK);
        write("notes.txt", "not a check");
        let files = CheckFiles::open(&[folder.path().to_path_buf()]).unwrap();
        assert_eq!(ids(&files.catalogue()), ["first"]);

        write("b.yml", &CHECK.replace("first", "second"));
        let (catalogue, warning) = files.refresh();
        assert_eq!(
            (ids(&catalogue), warning),
            (vec!["first".to_owned(), "second".into()], None)
        );

        write("b.yml", &CHECK.replace("first", "second").replace("has(", "hass("));
        let (catalogue, warning) = files.refresh();
        assert_eq!(ids(&catalogue), ["first", "second"]);
        let warning = warning.unwrap();
        assert!(
            warning.contains("b.yml, line 9: check second: expression calls hass"),
            "{warning}"
        );
        assert_eq!(files.refresh().1.as_ref(), Some(&warning));

        fs::remove_file(folder.path().join("b.yml")).unwrap();
        assert_eq!(
            (ids(&files.refresh().0), files.refresh().1),
            (vec!["first".to_owned()], None)
        );
    }

    #[test]
    fn what_is_not_there_is_an_error_at_the_start() {
        assert!(CheckFiles::open(&["/nowhere/checks".into()]).is_err());
        assert!(CheckFiles::open(&[]).unwrap().catalogue().own().is_empty());
    }
}
