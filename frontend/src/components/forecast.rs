//! When a bound will be reached.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use leptos::prelude::*;
use shared::quotas::{Forecast, Outlook, QuotaUse, Unit};

use super::more::more;
use crate::format;

/// What lies further ahead, in days, is not told: nobody plans by it.
const SIGHT: i64 = 365;
/// Less than this many days away is soon.
pub(crate) const SOON: i64 = 30;

/// The day, with how the use grows in its title; where there is none, a word that tells why when it is opened. `now` is the
/// instant looked at.
pub(crate) fn reached(of: &QuotaUse, now: DateTime<Utc>) -> AnyView {
    let Some((forecast, days)) = in_sight(of, now) else {
        let (text, why) = none(of);
        return more(view! { <span class="zero">{text}</span> }, why);
    };
    let class = if days <= SOON { "t-fail" } else { "" };
    let day = format::day(midnight(forecast.reached_on), now);
    view! { <span class=class title=hint(of.unit, forecast, days)>{day}</span> }.into_any()
}

/// The forecast, and in how many days its day is; none where it is out of sight.
pub(crate) fn in_sight(of: &QuotaUse, now: DateTime<Utc>) -> Option<(Forecast, i64)> {
    let forecast = of.outlook.forecast()?;
    let days = (forecast.reached_on - now.date_naive()).num_days().max(0);
    (days <= SIGHT).then_some((forecast, days))
}

/// Why no day is told.
fn none(of: &QuotaUse) -> (&'static str, &'static str) {
    match (of.share, of.outlook) {
        (Some(share), _) if share >= 1.0 => ("used up", "All of it is used."),
        (None, Outlook::Full) => ("–", "None of it is allowed."),
        (_, Outlook::Full) => ("used up", "All of it was used."),
        (_, Outlook::Reached(_) | Outlook::FarOff) => (
            "over a year",
            "At the pace of the last 90 days it takes more than a year.",
        ),
        (_, Outlook::Unknown) => (
            "–",
            "Too little is known of its past: it takes five snapshots over three days.",
        ),
        (_, Outlook::Steady) => ("steady", "Its use did not grow in the last 90 days."),
    }
}

/// `In 4 days, if it goes on growing by 310m a day as it did`.
fn hint(unit: Unit, forecast: Forecast, days: i64) -> String {
    let when = match days {
        0 => "Today".to_owned(),
        1 => "Tomorrow".to_owned(),
        days => format!("In {days} days"),
    };
    format!(
        "{when}, if it goes on growing by {} a day as it did",
        pace(unit, forecast.per_day)
    )
}

fn pace(unit: Unit, per_day: f64) -> String {
    match unit {
        Unit::Milli => format::cores(per_day.round() as i64),
        Unit::Bytes => format::bytes(per_day.round() as i64),
        Unit::Count => format!("{per_day:.1}"),
    }
}

/// The day as an instant.
pub(crate) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::quotas::Amount;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn growing(reached_on: &str) -> QuotaUse {
        let amount = |value| Amount {
            text: String::new(),
            value: Some(value),
        };
        QuotaUse {
            resource: "requests.cpu".into(),
            unit: Unit::Milli,
            hard: amount(10_000),
            used: Some(amount(9_000)),
            share: Some(0.9),
            trend: vec![0.5; 9],
            outlook: Outlook::Reached(Forecast {
                per_day: 310.2,
                reached_on: reached_on.parse().unwrap(),
            }),
        }
    }

    #[test]
    fn a_day_is_told_as_far_as_one_plans() {
        let now = at("2026-11-29T09:40:00Z");
        let days = |day: &str| in_sight(&growing(day), now).map(|(_, days)| days);
        assert_eq!(
            [days("2026-12-03"), days("2026-11-28"), days("2028-01-01")],
            [Some(4), Some(0), None]
        );
    }

    #[test]
    fn the_hint_says_how_fast_it_grows() {
        let of = growing("2026-12-03");
        assert_eq!(
            hint(of.unit, of.outlook.forecast().unwrap(), 4),
            "In 4 days, if it goes on growing by 310m a day as it did"
        );
    }

    #[test]
    fn where_there_is_no_day_it_is_said_why() {
        let mut of = growing("2032-01-01");
        assert_eq!(none(&of).0, "over a year");
        for (outlook, told) in [
            (Outlook::FarOff, "over a year"),
            (Outlook::Steady, "steady"),
            (Outlook::Unknown, "–"),
        ] {
            of.outlook = outlook;
            assert_eq!(none(&of).0, told);
        }
        of.share = Some(1.0);
        assert_eq!(none(&of).0, "used up");
    }
}
