//! The checks that there are: those of this release, and a user's own.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use shared::checks::CheckInfo;
use shared::verdict::{Area, Severity};

use crate::check::Check;
use crate::checks::{CHECKS, RELEASE, by_id};
use crate::custom::{self, CustomCheck};
use crate::settings::Settings;

/// The checks that there are. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    own: Arc<[CustomCheck]>,
    /// Of the files of the user's own, so that a change of them is told from drift; empty without any.
    digest: Arc<str>,
}

/// What lists say of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Its id.
    pub id: &'a str,
    /// What is wrong when it fails, in a few words.
    pub title: &'a str,
    /// The practice it belongs to.
    pub area: Area,
    /// How bad a finding is.
    pub severity: Severity,
}

impl From<&'static Check> for Named<'_> {
    fn from(check: &'static Check) -> Self {
        Self {
            id: check.id,
            title: check.title,
            area: check.area,
            severity: check.severity,
        }
    }
}

impl<'a> From<&'a CustomCheck> for Named<'a> {
    fn from(check: &'a CustomCheck) -> Self {
        Self {
            id: &check.id,
            title: &check.title,
            area: check.area,
            severity: check.severity,
        }
    }
}

impl Catalogue {
    /// The checks of this release, and those that files hold, each given with the name by which errors call it.
    ///
    /// # Errors
    /// See [`custom::parse`].
    pub fn parse<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)> + Clone) -> Result<Self, custom::Error> {
        let own: Arc<[CustomCheck]> = custom::parse(files.clone())?.into();
        let mut hash = Sha256::new();
        for (_, text) in files {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        let digest = match own.is_empty() {
            true => String::new(),
            false => hash.finalize()[..4].iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Ok(Self {
            own,
            digest: digest.into(),
        })
    }

    /// The user's own checks.
    pub fn own(&self) -> &[CustomCheck] {
        &self.own
    }

    /// The same with those of the user's own checks that `keep` wants.
    pub fn only(&self, keep: impl Fn(&CustomCheck) -> bool) -> Self {
        Self {
            own: self.own.iter().filter(|check| keep(check)).cloned().collect(),
            digest: self.digest.clone(),
        }
    }

    /// All of them: area by area those of this release, then the user's own.
    pub fn all(&self) -> impl Iterator<Item = Named<'_>> {
        let built_in = CHECKS.iter().map(|check| Named::from(*check));
        built_in.chain(self.own.iter().map(Named::from))
    }

    /// The check of that id.
    pub fn named(&self, id: &str) -> Option<Named<'_>> {
        by_id(id)
            .map(Named::from)
            .or_else(|| self.own_by_id(id).map(Named::from))
    }

    /// Everything about the check of that id.
    pub fn info(&self, id: &str) -> Option<CheckInfo> {
        by_id(id)
            .map(Check::info)
            .or_else(|| self.own_by_id(id).map(CustomCheck::info))
    }

    /// Everything about each check.
    pub fn infos(&self) -> impl Iterator<Item = CheckInfo> {
        let built_in = CHECKS.iter().map(|check| check.info());
        built_in.chain(self.own.iter().map(CustomCheck::info))
    }

    /// The release: that of the built-in checks, which files of the user's own there are, and what is set: `4+1f0c5a2e`,
    /// `4+settings-9b0d77c1`. A finding that opens or closes because it changed is no drift of the cluster.
    pub fn release(&self, settings: &Settings) -> String {
        let (mut release, set) = (RELEASE.to_owned(), settings.digest());
        for (name, digest) in [("", self.digest.as_ref()), ("settings-", set.as_str())] {
            if !digest.is_empty() {
                release = format!("{release}+{name}{digest}");
            }
        }
        release
    }

    fn own_by_id(&self, id: &str) -> Option<&CustomCheck> {
        self.own.iter().find(|check| check.id == id)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::verdict::Verdict;

    use super::*;
    use crate::fixture::snapshot;
    use crate::model::Kind;
    use crate::{run_all, settings};
    use shared::snapshots::Collected;

    const OWN: &str = "
id: team-label-missing
title: Namespace without a team
area: least-privilege
severity: critical
rationale: Nobody knows whom to ask.
remediation: Set the label.
kinds: [Namespace]
expression: has(object.metadata.labels) && 'team' in object.metadata.labels
";

    fn catalogue() -> Catalogue {
        Catalogue::parse([("own.yaml", OWN)]).unwrap()
    }

    #[test]
    fn a_users_own_check_counts_like_any_other() {
        let cluster = snapshot("{apiVersion: v1, kind: Namespace, metadata: {name: bare}}");
        let judge = |catalogue: &Catalogue| run_all(&[], catalogue, &cluster, &settings::NONE, DateTime::UNIX_EPOCH);
        let report = judge(&catalogue());
        assert_eq!(report.findings[0].check, "team-label-missing");
        assert_eq!(
            (report.results[0].verdict, report.results[0].failed),
            (Verdict::Fail, 1)
        );
        assert_eq!(report.score().value, Some(0.0));
        assert_eq!(judge(&catalogue().only(|_| false)).score().value, None);
    }

    #[test]
    fn what_was_not_read_is_not_evaluated() {
        let mut cluster = snapshot("{apiVersion: v1, kind: Namespace, metadata: {name: bare}}");
        let reason = "forbidden".to_owned();
        cluster.set(Kind::Namespace, Collected::Denied { reason }, Vec::new());
        let report = run_all(&[], &catalogue(), &cluster, &settings::NONE, DateTime::UNIX_EPOCH);
        assert_eq!(report.results[0].verdict, Verdict::NotEvaluated);
        assert_eq!(report.results[0].reason, "Reading namespaces was denied.");
    }

    #[test]
    fn a_change_of_the_files_or_the_settings_is_another_release() {
        let other = Catalogue::parse([("own.yaml", OWN.replace("critical", "low").as_str())]).unwrap();
        let release = |catalogue: &Catalogue| catalogue.release(&settings::NONE);
        assert_ne!(release(&catalogue()), release(&other));
        assert_eq!(release(&Catalogue::default()), RELEASE);
        let set = Settings {
            allowed_registries: vec!["registry.example.com".into()],
            ..Settings::default()
        };
        assert_ne!(catalogue().release(&set), release(&catalogue()));
        let alone = Catalogue::default().release(&set);
        assert_eq!(alone, format!("{RELEASE}+settings-{}", set.digest()));
    }

    #[test]
    fn both_sorts_are_found_by_id_and_listed() {
        let catalogue = catalogue();
        assert_eq!(
            catalogue.named("single-replica").map(|check| check.id),
            Some("single-replica")
        );
        assert_eq!(
            catalogue.info("team-label-missing").unwrap().source.as_deref(),
            Some("own.yaml")
        );
        assert_eq!(catalogue.all().count(), CHECKS.len() + 1);
        assert_eq!(catalogue.infos().last().unwrap().id, "team-label-missing");
    }
}
