//! What the owner of the clusters decided: a file, read at start and again before each snapshot, and what options add to it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use analysis::network::intents::{self, IntentError};
use analysis::settings::Settings;

use crate::explain::explain;

/// How large the file may be, in bytes.
const MAX_SIZE: u64 = 1 << 20;

/// Why the settings can't be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("the settings in {} can't be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// The file is larger than any that a person writes.
    #[error("the settings in {} are larger than {MAX_SIZE} bytes", .0.display())]
    Large(PathBuf),
    /// The file holds something else.
    #[error("the settings in {} can't be read", .0.display())]
    Wrong(PathBuf, #[source] Box<serde_saphyr::Error>),
    /// The network intents can't be told apart.
    #[error("the settings in {} can't be read", .0.display())]
    Intents(PathBuf, #[source] IntentError),
}

/// The settings as they were last read.
#[derive(Debug, Default)]
pub struct SettingsFile {
    path: Option<PathBuf>,
    added: Settings,
    last: Mutex<Last>,
}

/// What was last read.
#[derive(Debug, Default)]
struct Last {
    settings: Settings,
    broken: Option<String>,
}

impl SettingsFile {
    /// Reads the file, if there is one. Registries of `added` are allowed beside those of the file; its version goes before the
    /// file's.
    ///
    /// # Errors
    /// The file can't be read, or holds something else.
    pub fn open(path: Option<PathBuf>, added: Settings) -> Result<Self, SettingsError> {
        let last = Last {
            settings: read(path.as_deref(), &added)?,
            broken: None,
        };
        Ok(Self {
            path,
            added,
            last: Mutex::new(last),
        })
    }

    /// The settings that there are.
    pub fn settings(&self) -> Settings {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.settings.clone()
    }

    /// The settings, read again. Where the file is broken they are the last good ones, and why is told.
    pub fn refresh(&self) -> (Settings, Option<String>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match read(self.path.as_deref(), &self.added) {
            Ok(settings) => {
                if settings != last.settings {
                    tracing::info!("the settings have changed");
                }
                *last = Last { settings, broken: None };
            }
            Err(error) => {
                let warning = format!("The settings are those of before: {}", explain(&error));
                if last.broken.as_ref() != Some(&warning) {
                    tracing::error!("{warning}");
                }
                last.broken = Some(warning);
            }
        }
        (last.settings.clone(), last.broken.clone())
    }
}

fn read(path: Option<&Path>, added: &Settings) -> Result<Settings, SettingsError> {
    let mut settings = path.map(of_file).transpose()?.unwrap_or_default();
    settings
        .allowed_registries
        .extend(added.allowed_registries.iter().cloned());
    settings.pod_security_version = added.pod_security_version.or(settings.pod_security_version);
    Ok(settings)
}

fn of_file(path: &Path) -> Result<Settings, SettingsError> {
    let text = text(path).map_err(|error| SettingsError::Read(path.to_owned(), error))?;
    if text.len() as u64 > MAX_SIZE {
        return Err(SettingsError::Large(path.to_owned()));
    }
    let settings: Settings =
        serde_saphyr::from_str(&text).map_err(|error| SettingsError::Wrong(path.to_owned(), error.into()))?;
    intents::check(&settings.network_intents).map_err(|error| SettingsError::Intents(path.to_owned(), error))?;
    Ok(settings)
}

/// The text of a file, and no more than a little beyond what is taken in.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_SIZE + 1).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn registries(settings: &Settings) -> Vec<&str> {
        settings.allowed_registries.iter().map(String::as_str).collect()
    }

    #[test]
    fn intents_of_the_network_are_read_and_two_of_one_name_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.yaml");
        let intent = "{name: closed, from: {internet: true}, to: {namespace: payments}, expect: none}";
        fs::write(&path, format!("networkIntents: [{intent}]")).unwrap();
        let file = SettingsFile::open(Some(path.clone()), Settings::default()).unwrap();
        assert_eq!(file.settings().network_intents[0].name, "closed");
        fs::write(&path, format!("networkIntents: [{intent}, {intent}]")).unwrap();
        let (settings, warning) = file.refresh();
        assert_eq!(settings.network_intents.len(), 1);
        assert!(warning.unwrap().contains("\"closed\" is there twice"));
    }

    #[test]
    fn a_changed_file_is_read_again_and_a_broken_one_keeps_what_was_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.yaml");
        fs::write(&path, "{allowedRegistries: [a.example], podSecurityVersion: '1.30'}").unwrap();
        let added = Settings {
            allowed_registries: vec!["b.example".into()],
            ..Settings::default()
        };
        let file = SettingsFile::open(Some(path.clone()), added).unwrap();
        assert_eq!(registries(&file.settings()), ["a.example", "b.example"]);

        fs::write(&path, "allowedRegistries: [c.example]").unwrap();
        let (settings, warning) = file.refresh();
        assert_eq!((registries(&settings), warning), (vec!["c.example", "b.example"], None));
        assert_eq!(settings.pod_security_version, None);

        fs::write(&path, "allowedRegistries: [c.example]\nallowed: 1").unwrap();
        let (settings, warning) = file.refresh();
        assert_eq!(registries(&settings), ["c.example", "b.example"]);
        let warning = warning.unwrap();
        assert!(
            warning.contains("settings.yaml") && warning.contains("line 2"),
            "{warning}"
        );

        fs::write(&path, "{}").unwrap();
        let (settings, warning) = file.refresh();
        assert_eq!((registries(&settings), warning), (vec!["b.example"], None));
    }

    #[test]
    fn what_is_not_there_is_an_error_at_the_start_and_nothing_need_be_set() {
        assert!(SettingsFile::open(Some("/nowhere/settings.yaml".into()), Settings::default()).is_err());
        let none = SettingsFile::open(None, Settings::default()).unwrap();
        assert_eq!(none.settings(), Settings::default());
    }
}
