//! What a scan is asked to judge: everything, some checks, or the controls of a framework.

use std::path::{Path, PathBuf};

use analysis::check::Check;
use analysis::checks::{self, CHECKS};
use analysis::framework;
use analysis::near::{near, suggestion};
use anyhow::Context;
use shared::frameworks::Framework;

/// The options that say so.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// Run this check only; may be given several times.
    #[arg(long, value_name = "ID")]
    check: Vec<String>,
    /// Judge the controls of this framework, such as cis-1.12, by the checks that answer them.
    #[arg(long, value_name = "ID", conflicts_with = "check")]
    framework: Option<String>,
    /// Judge the controls of a framework of your own, written in this file.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["check", "framework"])]
    framework_file: Option<PathBuf>,
}

/// What runs, and what its results are shown by.
#[derive(Debug)]
pub(super) struct Choice {
    /// The checks that run.
    pub(super) checks: Vec<&'static Check>,
    /// The framework whose controls they answer.
    pub(super) framework: Option<Framework>,
}

impl Asked {
    /// What is asked for.
    ///
    /// # Errors
    /// There is no such check or framework, or the file is none.
    pub(super) fn choice(&self) -> anyhow::Result<Choice> {
        let framework = match (&self.framework, &self.framework_file) {
            (Some(id), _) => Some(built_in(id)?),
            (None, Some(path)) => Some(own(path)?),
            (None, None) => None,
        };
        let checks = match &framework {
            Some(framework) => framework::checks_of(framework),
            None if self.check.is_empty() => CHECKS.to_vec(),
            None => named(&self.check)?,
        };
        Ok(Choice { checks, framework })
    }
}

/// The built-in framework of that id.
pub(in crate::cli) fn built_in(id: &str) -> anyhow::Result<Framework> {
    framework::by_id(id).cloned().with_context(|| {
        let ids: Vec<&str> = framework::all().iter().map(|framework| framework.id.as_str()).collect();
        format!("there is no framework {id}; there are {}", ids.join(", "))
    })
}

/// The framework in that file.
pub(in crate::cli) fn own(path: &Path) -> anyhow::Result<Framework> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    Ok(framework::parse_own(&path.display().to_string(), &text)?)
}

/// The checks of these ids, in the order of the catalogue.
fn named(ids: &[String]) -> anyhow::Result<Vec<&'static Check>> {
    if let Some(unknown) = ids.iter().find(|id| checks::by_id(id).is_none()) {
        let meant = suggestion(&near(unknown, CHECKS.iter().map(|check| check.id)));
        anyhow::bail!("there is no check {unknown}{meant}");
    }
    let is_named = |check: &&'static Check| ids.iter().any(|id| id == check.id);
    Ok(CHECKS.iter().copied().filter(is_named).collect())
}
