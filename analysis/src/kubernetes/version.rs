//! Versions of Kubernetes: `v1.37.2`, `v1.31.4-eks-2d5f260`, `v1.30+`.

use std::fmt;

/// A minor release: `1.37`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    /// The major number.
    pub major: u32,
    /// The minor number.
    pub minor: u32,
}

impl Release {
    /// The release of a version; none where the text is no version.
    pub fn of(version: &str) -> Option<Self> {
        let mut parts = version.trim().trim_start_matches('v').split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?;
        let digits = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
        Some(Self {
            major,
            minor: minor[..digits].parse().ok()?,
        })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::Release;

    #[test]
    fn a_release_is_known_whoever_built_it() {
        for version in ["v1.31.4", "1.31", "v1.31.4-eks-2d5f260", "v1.31+", "v1.31-gke.1"] {
            assert_eq!(Release::of(version), Some(Release { major: 1, minor: 31 }), "{version}");
        }
        for text in ["", "v1", "v1.x", "latest", "v1.99999999999"] {
            assert_eq!(Release::of(text), None, "{text}");
        }
    }
}
