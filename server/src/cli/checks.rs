//! `plimsoll checks`.

use std::path::PathBuf;
use std::process::ExitCode;

use analysis::catalogue::Catalogue;
use anyhow::Context;
use shared::checks::CheckInfo;

use super::own_checks::OwnChecks;

/// List the checks, or write their documentation.
#[derive(Debug, clap::Args)]
pub(super) struct Checks {
    #[command(flatten)]
    own_checks: OwnChecks,
    /// Print the catalogue as JSON.
    #[arg(long, conflicts_with = "docs")]
    json: bool,
    /// Write a page for each check, and their index, into this folder.
    #[arg(long, value_name = "FOLDER")]
    docs: Option<PathBuf>,
}

impl Checks {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let catalogue = self.own_checks.catalogue()?;
        match self.docs {
            Some(folder) => write_docs(&folder)?,
            None if self.json => {
                let catalogue: Vec<CheckInfo> = catalogue.infos().collect();
                println!("{}", serde_json::to_string_pretty(&catalogue)?);
            }
            None => print_list(&catalogue),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_list(catalogue: &Catalogue) {
    let width = catalogue.all().map(|check| check.id.len()).max().unwrap_or_default();
    for check in catalogue.all() {
        println!(
            "{:<width$}  {:<8}  {:<15}  {}",
            check.id,
            check.severity.as_str(),
            check.area.title(),
            check.title
        );
    }
}

fn write_docs(folder: &std::path::Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for (name, page) in analysis::docs::pages() {
        let file = folder.join(name);
        std::fs::write(&file, page).with_context(|| format!("{} can't be written", file.display()))?;
    }
    Ok(())
}
