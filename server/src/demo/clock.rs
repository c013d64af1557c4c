//! The demo's calendar: days 0 to 90, of which the last ends where the caller says; days before 0 are what came earlier.

use chrono::{DateTime, Duration, SecondsFormat, Utc};

use super::rng::Rng;

/// The last day.
pub const LAST_DAY: u32 = 90;

/// Turns days into instants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    end: DateTime<Utc>,
}

impl Clock {
    /// A calendar whose last day is observed at `end`.
    pub(super) fn new(end: DateTime<Utc>) -> Self {
        Self { end }
    }

    /// The instant at which a day is observed.
    pub(super) fn instant(self, day: i32) -> DateTime<Utc> {
        let last = i32::try_from(LAST_DAY).unwrap_or_default();
        self.end - Duration::days(i64::from(last - day))
    }

    /// The same, as the API server writes it.
    pub(super) fn at(self, day: i32) -> String {
        self.instant(day).to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// An instant within the day before a day is observed: when something of that name was made.
    pub(super) fn made(self, day: i32, words: &[&str]) -> String {
        let minutes = i64::from(Rng::of(words).below(22 * 60)) + 1;
        (self.instant(day) - Duration::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}
