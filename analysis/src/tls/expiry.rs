//! When a certificate that is about to expire deserves a word.

use chrono::{DateTime, TimeDelta, Utc};
use shared::verdict::Severity;

/// With less left than this it is due.
const SOON: TimeDelta = TimeDelta::days(30);
/// With less left than this it is urgent.
const URGENT: TimeDelta = TimeDelta::days(7);

/// How bad it is that a certificate ends at `not_after`; none while there is time enough.
pub fn severity(now: DateTime<Utc>, not_after: DateTime<Utc>) -> Option<Severity> {
    severity_within(now, not_after, SOON, URGENT)
}

/// The same for one that nobody says when it is renewed. One made for less than 90 days is renewed by a machine, all its
/// life within the usual limits: it is due in the last third of it, and urgent in the last tenth.
pub fn severity_of_life(now: DateTime<Utc>, not_before: DateTime<Utc>, not_after: DateTime<Utc>) -> Option<Severity> {
    let life = not_after - not_before;
    severity_within(now, not_after, SOON.min(life / 3), URGENT.min(life / 10))
}

/// Renewing takes a while; one that is due for less time than this is on its way.
const RENEWAL_TAKES: TimeDelta = TimeDelta::hours(1);

/// The same for one that cert-manager renews at an instant that it names: none while that is going to be in time.
pub fn severity_of_renewed(
    now: DateTime<Utc>,
    not_after: DateTime<Utc>,
    renewal: Option<DateTime<Utc>>,
) -> Option<Severity> {
    let will_be_renewed = not_after > now && renewal.is_some_and(|renewal| now - renewal < RENEWAL_TAKES);
    severity(now, not_after).filter(|_| !will_be_renewed)
}

fn severity_within(
    now: DateTime<Utc>,
    not_after: DateTime<Utc>,
    soon: TimeDelta,
    urgent: TimeDelta,
) -> Option<Severity> {
    let left = not_after - now;
    if left <= TimeDelta::zero() {
        Some(Severity::Critical)
    } else if left < urgent {
        Some(Severity::High)
    } else {
        (left < soon).then_some(Severity::Medium)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    #[test]
    fn the_nearer_the_end_the_worse() {
        let at = |now| severity(day(now), day(100));
        assert_eq!(
            [at(70), at(71), at(93), at(94)],
            [
                None,
                Some(Severity::Medium),
                Some(Severity::Medium),
                Some(Severity::High)
            ]
        );
        assert_eq!([at(100), at(200)], [Some(Severity::Critical); 2]);
    }

    #[test]
    fn a_certificate_of_a_week_is_due_in_its_last_third() {
        let at = |now| severity_of_life(day(now), day(0), day(7));
        assert_eq!(
            [at(0), at(4), at(5), at(7)],
            [None, None, Some(Severity::Medium), Some(Severity::Critical)]
        );
    }

    #[test]
    fn a_long_life_keeps_the_usual_limits() {
        let at = |now| severity_of_life(day(now), day(0), day(3650));
        assert_eq!(
            [at(3619), at(3621), at(3644)],
            [None, Some(Severity::Medium), Some(Severity::High)]
        );
    }
}
