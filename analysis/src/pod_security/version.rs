//! Versions of the Pod Security Standards: they are those of Kubernetes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::kubernetes::version::Release;

/// A version: the minor number of Kubernetes 1. Versions after the newest that is known are judged as that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(pub u32);

/// The newest version that is known here: nothing is said of what later ones add.
pub const NEWEST: Version = Version(37);

impl Version {
    /// That of an API server, as it reports it: `v1.31.4+k3s1`; none where that can't be read.
    pub fn of_server(version: &str) -> Option<Self> {
        let release = Release::of(version).filter(|release| release.major == 1);
        release.map(|release| Self(release.minor))
    }

    /// Whether the controls of a cluster in this version may be more than those known here.
    pub fn is_beyond_known(self) -> bool {
        self > NEWEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1.{}", self.0)
    }
}

/// `1.30` or `v1.30`, as on a command line; `latest` is the newest that is known.
impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no version of the Pod Security Standards: latest or one such as 1.30 is");
        if text == "latest" {
            return Ok(NEWEST);
        }
        let minor = text
            .strip_prefix('v')
            .unwrap_or(text)
            .strip_prefix("1.")
            .ok_or_else(wrong)?;
        let is_number = !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit());
        let minor = minor
            .parse()
            .ok()
            .filter(|_| is_number && (minor == "0" || !minor.starts_with('0')));
        minor.map(Self).ok_or_else(wrong)
    }
}

impl TryFrom<String> for Version {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_servers_are_read_with_what_distributions_add() {
        for version in ["v1.31.4+k3s1", "1.31", "v1.31.0-gke.12", "v1.31+"] {
            assert_eq!(Version::of_server(version), Some(Version(31)), "{version}");
        }
        for version in ["", "v2.1", "v1.", "one"] {
            assert_eq!(Version::of_server(version), None, "{version}");
        }
    }

    #[test]
    fn a_version_is_latest_or_a_minor() {
        assert_eq!("latest".parse(), Ok(NEWEST));
        assert_eq!(("v1.0".parse(), "1.30".parse()), (Ok(Version(0)), Ok(Version(30))));
        for wrong in ["", "1", "2.0", "1.x", "v1.030", "1.30.1", "1.+3", "v1.-1"] {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }
}
