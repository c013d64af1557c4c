//! What a scan is asked to judge: everything, some checks, or the controls of a framework.

use std::path::{Path, PathBuf};

use analysis::catalogue::Catalogue;
use analysis::check::Check;
use analysis::checks::CHECKS;
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
    /// The user's own that run.
    pub(super) catalogue: Catalogue,
    /// The framework whose controls they answer.
    pub(super) framework: Option<Framework>,
}

impl Asked {
    /// What is asked for, of the checks of this release and the user's own.
    ///
    /// # Errors
    /// There is no such check or framework, or the file is none.
    pub(super) fn choice(&self, catalogue: Catalogue) -> anyhow::Result<Choice> {
        let framework = match (&self.framework, &self.framework_file) {
            (Some(id), _) => Some(built_in(id)?),
            (None, Some(path)) => Some(own(path, &catalogue)?),
            (None, None) => None,
        };
        let framework = framework.map(|framework| framework::with_own(&framework, &catalogue));
        let asked: Vec<&str> = match &framework {
            Some(framework) => answering(framework),
            None if self.check.is_empty() => catalogue.all().map(|check| check.id).collect(),
            None => known(&self.check, &catalogue)?,
        };
        let is_asked = |check: &&'static Check| asked.contains(&check.id);
        Ok(Choice {
            checks: CHECKS.iter().copied().filter(is_asked).collect(),
            catalogue: catalogue.only(|check| asked.contains(&check.id.as_str())),
            framework,
        })
    }
}

/// The built-in framework of that id.
pub(in crate::cli) fn built_in(id: &str) -> anyhow::Result<Framework> {
    framework::by_id(id).cloned().with_context(|| {
        let ids: Vec<&str> = framework::all().iter().map(|framework| framework.id.as_str()).collect();
        format!("there is no framework {id}; there are {}", ids.join(", "))
    })
}

/// The framework in that file, which may name these checks.
pub(in crate::cli) fn own(path: &Path, catalogue: &Catalogue) -> anyhow::Result<Framework> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
    Ok(framework::parse_among(&path.display().to_string(), &text, catalogue)?)
}

/// The ids of the checks that answer the controls of a framework.
fn answering(framework: &Framework) -> Vec<&str> {
    let named = framework.controls().flat_map(|control| &control.checks);
    named.map(|named| named.check.as_str()).collect()
}

/// The ids, if there are such checks.
fn known<'a>(ids: &'a [String], catalogue: &Catalogue) -> anyhow::Result<Vec<&'a str>> {
    if let Some(unknown) = ids.iter().find(|id| catalogue.named(id).is_none()) {
        let meant = suggestion(&near(unknown, catalogue.all().map(|check| check.id)));
        anyhow::bail!("there is no check {unknown}{meant}");
    }
    Ok(ids.iter().map(String::as_str).collect())
}
