//! What the owner of a cluster decided, where a check can't know it.

use std::path::PathBuf;

use analysis::pod_security::Version;
use analysis::settings::Settings;

use crate::settings::{SettingsError, SettingsFile};

/// The options that say so.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct SettingsArgs {
    /// Read settings of checks from a YAML file: allowedRegistries, podSecurityVersion.
    #[arg(long, env = "PLIMSOLL_SETTINGS", value_name = "PATH")]
    settings: Option<PathBuf>,
    /// Where images may come from, such as registry.example.com/team; may be given several times, and adds to the file.
    #[arg(
        long,
        env = "PLIMSOLL_ALLOWED_REGISTRY",
        value_name = "PREFIX",
        value_delimiter = ','
    )]
    allowed_registry: Vec<String>,
    /// The version of the Pod Security Standards to judge by, such as 1.30; the cluster's own, if left out.
    #[arg(long, env = "PLIMSOLL_POD_SECURITY_VERSION", value_name = "VERSION", value_parser = version)]
    pod_security_version: Option<Version>,
}

fn version(text: &str) -> Result<Version, String> {
    text.parse()
}

impl SettingsArgs {
    /// The file, read, and what the other options add.
    ///
    /// # Errors
    /// The file can't be read, or holds something else.
    pub(super) fn open(&self) -> Result<SettingsFile, SettingsError> {
        let added = Settings {
            // A variable that is set to nothing names none.
            allowed_registries: self
                .allowed_registry
                .iter()
                .filter(|named| !named.is_empty())
                .cloned()
                .collect(),
            pod_security_version: self.pod_security_version,
            network_intents: Vec::new(),
        };
        SettingsFile::open(self.settings.clone(), added)
    }

    /// The settings.
    ///
    /// # Errors
    /// Those of [`SettingsArgs::open`].
    pub(super) fn read(&self) -> Result<Settings, SettingsError> {
        Ok(self.open()?.settings())
    }
}
