//! Checks the dependencies against `deny.toml`: licences, banned crates, and where crates come from.
//!
//! The file is the one that cargo-deny reads; that tool also knows advisories, but takes minutes to install.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What is read of `deny.toml`.
#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences that one crate may have besides.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// What is read of `cargo metadata`.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// None for this workspace's own packages.
    source: Option<String>,
}

/// Prints what violates the policy, and the crates that are there in several versions, which is no violation.
///
/// # Errors
/// When anything violates the policy.
pub(crate) fn check(root: &Path) -> Result<()> {
    let text = std::fs::read_to_string(root.join("deny.toml")).context("reading deny.toml")?;
    let policy: Policy = toml::from_str(&text).context("deny.toml")?;
    let packages = packages(root)?;
    let wrong: Vec<String> = packages
        .iter()
        .flat_map(|package| violations(&policy, package))
        .collect();
    let several = duplicates(&packages);
    println!(
        "deps: {} crates; {} in several versions: {}",
        packages.len(),
        several.len(),
        several.join(", ")
    );
    for line in &wrong {
        eprintln!("deps: {line}");
    }
    if !wrong.is_empty() {
        bail!("{} violations of deny.toml", wrong.len());
    }
    Ok(())
}

/// All packages of others that the workspace may use, on any platform.
fn packages(root: &Path) -> Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["metadata", "--format-version=1", "--locked"])
        .output()?;
    ensure!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    Ok(metadata
        .packages
        .into_iter()
        .filter(|package| package.source.is_some())
        .collect())
}

fn violations(policy: &Policy, package: &Package) -> Vec<String> {
    let called = format!("{} {}", package.name, package.version);
    let mut found = Vec::new();
    if let Some(source) = package.source.as_deref().filter(|source| *source != CRATES_IO) {
        found.push(format!("{called} comes from {source}"));
    }
    if let Some(ban) = policy.bans.deny.iter().find(|ban| ban.name == package.name) {
        found.push(format!("{called} is banned: {}", ban.reason));
    }
    match package.license.as_deref() {
        None => found.push(format!("{called} states no licence")),
        Some(licence) if !allowed(&policy.licenses, &package.name, licence) => {
            found.push(format!("{called} has a licence that is not allowed: {licence}"));
        }
        Some(_) => {}
    }
    found
}

/// Whether the licences that are allowed satisfy a crate's SPDX expression. `MIT/Apache-2.0` is an older way.
fn allowed(licences: &Licences, name: &str, expression: &str) -> bool {
    let exceptions = licences.exceptions.iter().filter(|exception| exception.name == name);
    let allow: Vec<&String> = exceptions
        .flat_map(|exception| &exception.allow)
        .chain(&licences.allow)
        .collect();
    Expression::parse_mode(expression, ParseMode::LAX)
        .is_ok_and(|parsed| parsed.evaluate(|required| allow.iter().any(|one| **one == required.to_string())))
}

fn duplicates(packages: &[Package]) -> Vec<&str> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for package in packages {
        *counts.entry(&package.name).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(name, _)| name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        toml::from_str(
            r#"
            [licenses]
            allow = ["MIT", "Apache-2.0"]
            exceptions = [{ crate = "icu", allow = ["Unicode-3.0"] }]
            [bans]
            deny = [{ crate = "openssl", reason = "rustls is the one TLS" }]
            "#,
        )
        .unwrap()
    }

    fn package(name: &str, license: Option<&str>, source: &str) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            source: Some(source.into()),
        }
    }

    fn licence_is_allowed(name: &str, expression: &str) -> bool {
        allowed(&policy().licenses, name, expression)
    }

    #[test]
    fn one_allowed_alternative_is_enough() {
        assert!(licence_is_allowed("a", "GPL-3.0-only OR MIT"));
        assert!(licence_is_allowed("a", "MIT/Apache-2.0"));
        assert!(!licence_is_allowed("a", "GPL-3.0-only"));
    }

    #[test]
    fn every_part_of_a_conjunction_must_be_allowed() {
        assert!(!licence_is_allowed("a", "(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(licence_is_allowed("icu", "(MIT OR Apache-2.0) AND Unicode-3.0"));
    }

    #[test]
    fn a_licence_with_an_exception_is_another_licence() {
        assert!(!licence_is_allowed("a", "Apache-2.0 WITH LLVM-exception"));
    }

    #[test]
    fn a_ban_a_strange_source_and_a_missing_licence_are_reported() {
        let found = violations(&policy(), &package("openssl", None, "git+https://example.org/x"));
        assert_eq!(
            found,
            [
                "openssl 1.0.0 comes from git+https://example.org/x",
                "openssl 1.0.0 is banned: rustls is the one TLS",
                "openssl 1.0.0 states no licence",
            ]
        );
        assert!(violations(&policy(), &package("serde", Some("MIT"), CRATES_IO)).is_empty());
    }
}
