//! How long a release of Kubernetes is supported by those who make it.

use chrono::{DateTime, Utc};

use super::version::Release;

/// The minors of Kubernetes 1, and the day on which each is supported no longer, as <https://kubernetes.io/releases> has it.
/// Days of the future may still move.
const ENDS: &[(u32, &str)] = &[
    (28, "2024-10-22"),
    (29, "2025-02-28"),
    (30, "2025-07-15"),
    (31, "2025-11-11"),
    (32, "2026-02-28"),
    (33, "2026-06-28"),
    (34, "2026-10-27"),
    (35, "2027-02-28"),
    (36, "2027-06-28"),
    (37, "2027-10-28"),
];

/// The newest release of which the end is known.
pub const NEWEST: Release = Release { major: 1, minor: 37 };

/// Whether a release is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It is, up to this day.
    Until(&'static str),
    /// It is no longer, since this day, or since before it.
    Ended(&'static str),
    /// It is newer than what is known here.
    Unknown,
}

/// Whether a release is supported at that time. One that is older than all that are listed ended before they did.
pub fn support(release: Release, now: DateTime<Utc>) -> Support {
    if release > NEWEST {
        return Support::Unknown;
    }
    let listed = ENDS
        .iter()
        .find(|(minor, _)| *minor >= release.minor || release.major < 1);
    // Days are written so that their order is that of their texts.
    let today = now.format("%Y-%m-%d").to_string();
    match listed {
        Some((_, end)) if *end <= today.as_str() => Support::Ended(end),
        Some((minor, end)) if *minor == release.minor => Support::Until(end),
        _ => Support::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str, release: &str) -> Support {
        let now = format!("{day}T12:00:00Z").parse().unwrap();
        support(Release::of(release).unwrap(), now)
    }

    #[test]
    fn a_release_is_supported_until_its_day() {
        assert_eq!(on("2026-10-26", "1.34"), Support::Until("2026-10-27"));
        assert_eq!(on("2026-10-27", "1.34"), Support::Ended("2026-10-27"));
    }

    #[test]
    fn what_is_older_than_the_list_ended_before_it() {
        assert_eq!(on("2026-11-29", "1.19"), Support::Ended("2024-10-22"));
        assert_eq!(on("2020-01-01", "1.19"), Support::Unknown);
    }

    #[test]
    fn what_is_newer_than_the_list_is_not_known() {
        assert_eq!(on("2029-01-01", "1.38"), Support::Unknown);
        assert_eq!(on("2026-11-29", &NEWEST.to_string()), Support::Until("2027-10-28"));
    }
}
