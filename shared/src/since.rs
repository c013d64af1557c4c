//! Since when two states are compared.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// An instant, or so many days before the later state. Of days, those that are kept are enough; an instant is meant as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Since {
    /// `2026-11-24T09:40:00Z`.
    At(DateTime<Utc>),
    /// `30d`.
    Days(u16),
}

impl Since {
    /// What is compared where nothing else is asked for.
    pub const WEEK: Self = Self::Days(7);

    /// The instant that is meant, where the later state is that of `until`.
    pub fn instant(self, until: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Days(days) => until - TimeDelta::days(days.into()),
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
        let at = || text.parse().ok().map(Self::At);
        let none = || format!("{text:?} is neither an instant (RFC 3339) nor a number of days such as 7d");
        days.map(Self::Days).or_else(at).ok_or_else(none)
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::Days(days) => write!(f, "{days}d"),
        }
    }
}

impl TryFrom<String> for Since {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Since> for String {
    fn from(since: Since) -> Self {
        since.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_an_instant_or_a_number_of_days_before_the_later_state() {
        let until = "2026-11-24T09:40:00Z".parse().unwrap();
        let told = |text: &str| {
            text.parse::<Since>()
                .map(|since| since.instant(until).to_rfc3339())
                .ok()
        };
        assert_eq!(told("1d").as_deref(), Some("2026-11-23T09:40:00+00:00"));
        assert_eq!(
            told("2026-10-08T14:05:00Z").as_deref(),
            Some("2026-10-08T14:05:00+00:00")
        );
        assert_eq!(
            [told("soon"), told("d"), told("-1d"), told("99999999d")],
            [None, None, None, None]
        );
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        for text in ["30d", "2026-10-08T14:05:00Z"] {
            assert_eq!(text.parse::<Since>().unwrap().to_string(), text);
        }
    }
}
