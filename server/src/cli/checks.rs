//! `plimsoll checks`.

use std::path::PathBuf;
use std::process::ExitCode;

use analysis::checks::CHECKS;
use anyhow::Context;

/// List the checks, or write their documentation.
#[derive(Debug, clap::Args)]
pub(super) struct Checks {
    /// Print the catalogue as JSON.
    #[arg(long, conflicts_with = "docs")]
    json: bool,
    /// Write a page for each check, and their index, into this folder.
    #[arg(long, value_name = "FOLDER")]
    docs: Option<PathBuf>,
}

impl Checks {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.docs {
            Some(folder) => write_docs(&folder)?,
            None if self.json => {
                let catalogue: Vec<_> = CHECKS.iter().map(|check| check.info()).collect();
                println!("{}", serde_json::to_string_pretty(&catalogue)?);
            }
            None => print_list(),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_list() {
    let width = CHECKS.iter().map(|check| check.id.len()).max().unwrap_or_default();
    for check in CHECKS {
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
