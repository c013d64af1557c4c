//! What the owner of a cluster decided, where a check can't know it.

use std::path::PathBuf;

use analysis::pod_security::Version;
use analysis::settings::Settings;
use anyhow::Context;

/// The options that say so.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct SettingsArgs {
    /// Read settings of checks from a YAML file: allowedRegistries, podSecurityVersion.
    #[arg(long, value_name = "PATH")]
    settings: Option<PathBuf>,
    /// Where images may come from, such as registry.example.com/team; may be given several times, and adds to the file.
    #[arg(long, value_name = "PREFIX")]
    allowed_registry: Vec<String>,
    /// The version of the Pod Security Standards to judge by, such as 1.30; the cluster's own, if left out.
    #[arg(long, value_name = "VERSION", value_parser = version)]
    pod_security_version: Option<Version>,
}

fn version(text: &str) -> Result<Version, String> {
    text.parse()
}

impl SettingsArgs {
    /// The settings: those of the file, and what the other options add.
    ///
    /// # Errors
    /// The file can't be read, or holds something else.
    pub(super) fn read(&self) -> anyhow::Result<Settings> {
        let mut settings = match &self.settings {
            Some(path) => {
                let said = || format!("the settings in {} can't be read", path.display());
                let text = std::fs::read_to_string(path).with_context(said)?;
                serde_saphyr::from_str(&text).with_context(said)?
            }
            None => Settings::default(),
        };
        settings
            .allowed_registries
            .extend(self.allowed_registry.iter().cloned());
        settings.pod_security_version = self.pod_security_version.or(settings.pod_security_version);
        Ok(settings)
    }
}
