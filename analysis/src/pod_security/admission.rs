//! What the labels of a namespace ask of Pod Security admission, and whom it leaves alone.

use std::collections::BTreeSet;

use super::{Level, Version};
use crate::model::meta::ObjectMeta;

/// What happens to a pod that breaks the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is refused.
    Enforce,
    /// The audit log says so.
    Audit,
    /// Whoever makes it is warned.
    Warn,
}

impl Mode {
    /// As labels spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Audit => "audit",
            Self::Warn => "warn",
        }
    }

    /// The label of its level.
    pub fn label(self) -> String {
        format!("pod-security.kubernetes.io/{}", self.name())
    }
}

/// A level in a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The level.
    pub level: Level,
    /// The version; none where it is the API server's own.
    pub version: Option<Version>,
}

/// What a namespace asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What is refused.
    pub enforce: Asked,
    /// What is written to the audit log.
    pub audit: Asked,
    /// What is warned of.
    pub warn: Asked,
    /// Labels that say nothing the API server knows, with what it makes of them.
    pub mistakes: Vec<String>,
}

const PRIVILEGED: Asked = Asked {
    level: Level::Privileged,
    version: None,
};

/// The policy of a namespace's labels, where the API server's configuration sets no default. As it does, an unknown level is taken for
/// restricted where it is enforced, and for privileged elsewhere; an unknown version is the latest; what is enforced is warned of.
pub fn policy(namespace: &ObjectMeta) -> Policy {
    let mut mistakes = Vec::new();
    let enforce = asked(namespace, Mode::Enforce, Level::Restricted, &mut mistakes);
    let is_known = mistakes.is_empty();
    let audit = asked(namespace, Mode::Audit, Level::Privileged, &mut mistakes);
    let mut warn = asked(namespace, Mode::Warn, Level::Privileged, &mut mistakes);
    let has = |label: String| namespace.labels.get(&label).is_some();
    if is_known && !has(Mode::Warn.label()) && enforce.level > warn.level {
        warn.level = enforce.level;
        if !has(version_label(Mode::Warn)) {
            warn.version = enforce.version;
        }
    }
    Policy {
        enforce,
        audit,
        warn,
        mistakes,
    }
}

fn version_label(mode: Mode) -> String {
    format!("{}-version", mode.label())
}

fn asked(namespace: &ObjectMeta, mode: Mode, unknown: Level, mistakes: &mut Vec<String>) -> Asked {
    let (label, version_label) = (mode.label(), version_label(mode));
    let level = namespace.labels.get(&label).map(|text| {
        text.parse().unwrap_or_else(|error| {
            mistakes.push(format!(
                "{label}: {error}; the API server takes it for {}",
                unknown.name()
            ));
            unknown
        })
    });
    let version = namespace.labels.get(&version_label).and_then(|text| {
        // A label takes no version without its v.
        let parsed = text.parse().ok().filter(|_| text == "latest" || text.starts_with('v'));
        if parsed.is_none() {
            mistakes.push(format!(
                "{version_label}: {text:?} is no version; the API server takes it for latest"
            ));
        }
        parsed.filter(|_| text != "latest")
    });
    Asked {
        level: level.unwrap_or(PRIVILEGED.level),
        version,
    }
}

impl Asked {
    /// The version in which a cluster judges: its own, where none is pinned or a later one is.
    pub fn version_in(self, cluster: Version) -> Version {
        self.version.map_or(cluster, |version| version.min(cluster))
    }
}

/// Whom the API server's admission configuration exempts. It also exempts users, which says nothing of a pod by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exemptions {
    /// Namespaces.
    pub namespaces: BTreeSet<String>,
    /// Runtime classes.
    pub runtime_classes: BTreeSet<String>,
}

impl Exemptions {
    /// Whether a pod of that namespace and runtime class is let in unseen.
    pub fn exempt(&self, namespace: &str, runtime_class: &str) -> bool {
        self.namespaces.contains(namespace) || self.runtime_classes.contains(runtime_class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_labels(labels: &str) -> Policy {
        let meta: ObjectMeta = serde_saphyr::from_str(&format!("labels: {{{labels}}}")).unwrap();
        policy(&meta)
    }

    fn at(level: Level, version: Option<u32>) -> Asked {
        Asked {
            level,
            version: version.map(Version),
        }
    }

    #[test]
    fn no_labels_let_everything_in() {
        let policy = of_labels("");
        assert_eq!(
            (policy.enforce, policy.audit, policy.warn),
            (PRIVILEGED, PRIVILEGED, PRIVILEGED)
        );
    }

    #[test]
    fn what_is_enforced_is_warned_of_in_the_same_version() {
        let policy = of_labels(
            "pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.25",
        );
        assert_eq!(
            (policy.enforce, policy.warn),
            (at(Level::Baseline, Some(25)), at(Level::Baseline, Some(25)))
        );
        assert_eq!(policy.audit, PRIVILEGED);
    }

    #[test]
    fn a_warning_that_is_asked_for_stays_as_it_is() {
        let policy =
            of_labels("pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: baseline");
        assert_eq!(policy.warn, at(Level::Baseline, None));
    }

    #[test]
    fn an_unknown_level_is_restricted_where_it_is_enforced_and_nothing_elsewhere() {
        let policy = of_labels("pod-security.kubernetes.io/enforce: strict, pod-security.kubernetes.io/audit: strict");
        assert_eq!(
            (policy.enforce.level, policy.audit.level, policy.warn.level),
            (Level::Restricted, Level::Privileged, Level::Privileged)
        );
        assert_eq!(policy.mistakes.len(), 2);
    }

    #[test]
    fn a_version_without_its_v_is_the_latest() {
        let policy = of_labels(
            "pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: '1.25'",
        );
        assert_eq!((policy.enforce.version, policy.mistakes.len()), (None, 1));
    }

    #[test]
    fn a_cluster_judges_no_later_version_than_its_own() {
        assert_eq!(at(Level::Baseline, Some(35)).version_in(Version(30)), Version(30));
        assert_eq!(at(Level::Baseline, None).version_in(Version(30)), Version(30));
        assert_eq!(at(Level::Baseline, Some(25)).version_in(Version(30)), Version(25));
    }
}
