//! A user's own checks.

use std::path::PathBuf;

use analysis::catalogue::Catalogue;

use crate::custom_checks::{CheckFiles, CheckFilesError};

/// The option that names their files.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct OwnChecks {
    /// Run checks of your own as well: files, and folders of .yaml files.
    #[arg(long = "checks", env = "PLIMSOLL_CHECKS", value_name = "PATH", value_delimiter = ',', num_args = 1..)]
    paths: Vec<PathBuf>,
}

impl OwnChecks {
    /// The files, read.
    ///
    /// # Errors
    /// A file can't be read, or holds something else.
    pub(super) fn open(&self) -> Result<CheckFiles, CheckFilesError> {
        CheckFiles::open(&self.paths)
    }

    /// The checks that there are.
    ///
    /// # Errors
    /// Those of [`OwnChecks::open`].
    pub(super) fn catalogue(&self) -> Result<Catalogue, CheckFilesError> {
        Ok(self.open()?.catalogue())
    }
}
