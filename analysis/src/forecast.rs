//! When a bound will be reached, from how its use went so far.

use chrono::{DateTime, TimeDelta, Utc};
use shared::quotas::{Forecast, Outlook};

/// The use of something, and its bound, at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: DateTime<Utc>,
    /// How much was used.
    pub used: i64,
    /// How much was allowed.
    pub hard: i64,
}

/// Fewer points than this are no trend.
const FEWEST: usize = 5;
/// Less time than this shows a day's work, and no trend.
const SHORTEST: TimeDelta = TimeDelta::days(3);
/// Of more points than this, some that are equally far apart stand for all.
const MOST: usize = 200;
/// What lies further ahead than this, in days, is out of sight.
const HORIZON: f64 = 3650.0;

/// The day on which the last bound will be reached, or why there is none. Points come in any order.
///
/// The trend is the median of the slopes between all pairs of points (Theil and Sen): a roll-out that doubles the pods for
/// ten minutes, or a node that was away, does not bend it as it bends least squares.
pub fn outlook(points: &[Point]) -> Outlook {
    let mut points = points.to_vec();
    points.sort_by_key(|point| point.at);
    match (points.first(), points.last()) {
        (_, Some(last)) if last.used >= last.hard => Outlook::Full,
        (Some(first), Some(last)) if points.len() >= FEWEST && last.at - first.at >= SHORTEST => ahead(&points, *last),
        _ => Outlook::Unknown,
    }
}

/// The same for points in order, of which there are enough.
fn ahead(points: &[Point], last: Point) -> Outlook {
    // Days from the last point on, so that small numbers stay exact.
    let series: Vec<(f64, f64)> = spread(points)
        .map(|point| (days(point.at - last.at), as_float(point.used)))
        .collect();
    let Some(per_day) = slope(&series).filter(|slope| *slope > 0.0) else {
        return Outlook::Steady;
    };
    let now = median(series.iter().map(|(day, used)| used - per_day * day).collect()).unwrap_or_default();
    let days = ((as_float(last.hard) - now) / per_day).max(0.0);
    match whole_seconds(days).filter(|_| days <= HORIZON) {
        None => Outlook::FarOff,
        Some(seconds) => Outlook::Reached(Forecast {
            per_day,
            reached_on: (last.at + TimeDelta::seconds(seconds)).date_naive(),
        }),
    }
}

/// At most [`MOST`] of the points, the first and the last among them.
fn spread(points: &[Point]) -> impl Iterator<Item = &Point> {
    let count = points.len().min(MOST);
    let last = points.len().saturating_sub(1);
    (0..count).filter_map(move |place| points.get(place * last / count.saturating_sub(1).max(1)))
}

fn slope(series: &[(f64, f64)]) -> Option<f64> {
    let pairs = series
        .iter()
        .enumerate()
        .flat_map(|(place, earlier)| series[place + 1..].iter().map(move |later| (earlier, later)));
    let apart = pairs.filter(|(earlier, later)| later.0 > earlier.0);
    median(
        apart
            .map(|(earlier, later)| (later.1 - earlier.1) / (later.0 - earlier.0))
            .collect(),
    )
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (below, above) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(*values.get(below)?, *values.get(above)?))
}

fn days(delta: TimeDelta) -> f64 {
    as_float(delta.num_seconds()) / 86_400.0
}

/// Beyond 2^53 a digit in sixteen is lost, which no trend notices.
#[allow(clippy::cast_precision_loss, reason = "a trend needs no sixteenth digit")]
fn as_float(number: i64) -> f64 {
    number as f64
}

/// None of what is no number of seconds.
#[allow(clippy::cast_possible_truncation, reason = "the range was asked for")]
fn whole_seconds(days: f64) -> Option<i64> {
    let seconds = days * 86_400.0;
    (0.0..1e15).contains(&seconds).then_some(seconds as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One point for each use, `hours` apart, from 2026-11-01 on.
    fn series(hours: i64, hard: i64, used: impl IntoIterator<Item = i64>) -> Vec<Point> {
        let start: DateTime<Utc> = "2026-11-01T00:00:00Z".parse().unwrap();
        let used = used.into_iter().enumerate();
        used.map(|(place, used)| Point {
            at: start + TimeDelta::hours(hours * i64::try_from(place).unwrap()),
            used,
            hard,
        })
        .collect()
    }

    fn day(points: &[Point]) -> Option<String> {
        outlook(points)
            .forecast()
            .map(|forecast| forecast.reached_on.to_string())
    }

    #[test]
    fn a_steady_rise_reaches_its_bound_on_the_day_that_it_says() {
        // 10, 12, … 28 on the 10th; 2 a day, so 100 after 36 more days.
        let rise = series(24, 100, (0..10).map(|day| 10 + 2 * day));
        assert_eq!(day(&rise).as_deref(), Some("2026-12-16"));
        assert!((outlook(&rise).forecast().unwrap().per_day - 2.0).abs() < 1e-9);
    }

    #[test]
    fn order_does_not_matter_and_the_last_bound_counts() {
        let mut rise = series(24, 1000, (0..10).map(|day| 10 + 2 * day));
        rise.last_mut().unwrap().hard = 100;
        rise.reverse();
        assert_eq!(day(&rise).as_deref(), Some("2026-12-16"));
    }

    #[test]
    fn single_leaps_do_not_bend_the_trend() {
        let mut rise = series(24, 100, (0..10).map(|day| 10 + 2 * day));
        (rise[3].used, rise[7].used) = (95, 0);
        let reached = outlook(&rise).forecast().unwrap();
        let expected: chrono::NaiveDate = "2026-12-16".parse().unwrap();
        assert!((reached.reached_on - expected).num_days().abs() <= 1, "{reached:?}");
    }

    #[test]
    fn what_does_not_grow_is_never_reached() {
        assert_eq!(outlook(&series(24, 100, [50; 10])), Outlook::Steady);
        assert_eq!(outlook(&series(24, 100, (0..10).map(|day| 50 - day))), Outlook::Steady);
        let slow = series(24, 1_000_000, (0..10).map(|day| 10 + day));
        assert_eq!(outlook(&slow), Outlook::FarOff);
    }

    #[test]
    fn too_few_points_and_too_little_time_are_no_trend() {
        let few = [series(24, 100, [1, 2, 3, 4]), series(1, 100, 0..10), Vec::new()];
        assert_eq!(few.map(|points| outlook(&points)), [Outlook::Unknown; 3]);
        assert!(day(&series(24, 100, [1, 2, 3, 4, 5])).is_some());
    }

    #[test]
    fn what_is_reached_needs_no_forecast() {
        assert_eq!(outlook(&series(24, 10, 6..16)), Outlook::Full);
        assert_eq!(outlook(&series(24, 10, [10])), Outlook::Full);
    }

    #[test]
    fn many_points_and_large_numbers_are_borne() {
        let many = series(1, i64::MAX, (0..5000).map(|hour| i64::MAX / 10_000 * hour));
        // Half of it after 5,000 hours, all of it after as many again: 208 days and 8 hours each.
        assert_eq!(day(&many).as_deref(), Some("2027-12-22"));
    }

    #[test]
    fn points_of_one_instant_are_no_trend() {
        let mut points = series(24, 100, 1..11);
        points[1..9].iter_mut().for_each(|point| point.used = 1);
        points[9].used = 1;
        assert_eq!(outlook(&points), Outlook::Steady);
    }
}
