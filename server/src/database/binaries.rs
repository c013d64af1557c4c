//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{DatabaseError, MINIMUM};

/// The programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The major version.
    pub version: u32,
    folder: PathBuf,
}

/// Folders that hold one folder per version, and the part below that which holds the programs.
const VERSIONED: &[(&str, &str)] = &[("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/opt", "bin")];

impl Binaries {
    /// Those that fit a directory: of the version that made it, else the newest.
    ///
    /// # Errors
    /// There are none.
    pub async fn find(directory: &Path) -> Result<Self, DatabaseError> {
        let found = installed().await;
        let made_by = std::fs::read_to_string(directory.join("PG_VERSION")).ok();
        match made_by.and_then(|text| text.trim().parse().ok()) {
            Some(version) => {
                let none = || DatabaseError::NoBinariesOf {
                    directory: directory.to_owned(),
                    version,
                };
                found
                    .into_iter()
                    .find(|binaries| binaries.version == version)
                    .ok_or_else(none)
            }
            None => found
                .into_iter()
                .max_by_key(|binaries| binaries.version)
                .ok_or(DatabaseError::NoBinaries),
        }
    }

    /// The path of a program.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

async fn installed() -> Vec<Binaries> {
    let mut found = Vec::new();
    for folder in folders() {
        if let Some(version) = version(&folder).await.filter(|version| *version >= MINIMUM) {
            found.push(Binaries { version, folder });
        }
    }
    found
}

fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for (root, below) in VERSIONED {
        let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
        // `15` below /usr/lib/postgresql, `pgsql-15` below /usr.
        let versioned = entries.filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .ends_with(|c: char| c.is_ascii_digit())
        });
        folders.extend(versioned.map(|entry| entry.path().join(below)));
    }
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    // A link in the PATH leads to the folder where initdb is as well.
    let real = |folder: &PathBuf| {
        folder
            .join("postgres")
            .canonicalize()
            .ok()?
            .parent()
            .map(Path::to_owned)
    };
    let mut folders: Vec<PathBuf> = folders
        .iter()
        .filter_map(real)
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// The major version, as the program itself says it: `postgres (PostgreSQL) 15.14`.
async fn version(folder: &Path) -> Option<u32> {
    let output = Command::new(folder.join("postgres"))
        .arg("--version")
        .output()
        .await
        .ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

fn major(text: &str) -> Option<u32> {
    text.split_whitespace()
        .find_map(|word| word.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_however_it_goes_on() {
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19beta2"), Some(19));
        assert_eq!(major("no version"), None);
    }
}
