//! What was used of a quota's resource over time, below what was allowed, and on to where the two will meet.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use shared::quotas::history::{QuotaPoint, ResourceHistory};
use shared::quotas::{Forecast, Outlook};

use crate::components::forecast::midnight;
use crate::format;

/// What lies further ahead than this is not drawn: the past would become too small to be read.
const AHEAD: TimeDelta = TimeDelta::days(45);
/// Room above the highest line.
const ROOM: f64 = 1.12;

/// The plot with its labels, on to the day that the list tells; a sentence where too little is known.
pub(crate) fn usage(history: &ResourceHistory, outlook: Outlook) -> AnyView {
    let Some(frame) = Frame::around(history, outlook) else {
        return view! { <p class="muted">"Too little is known of its past to draw it."</p> }.into_any();
    };
    let hard = format::amount(history.unit, frame.last.hard);
    view! {
        <div class="chart usage">
            <div class="y" aria-hidden="true">
                <span style:bottom=cent(frame.y(frame.last.hard as f64) / 100.0)>{hard}</span>
                <span style:bottom="0%">"0"</span>
            </div>
            <div class="plot">{drawing(&frame, history)}</div>
            {days(&frame)}
        </div>
    }
    .into_any()
}

fn drawing(frame: &Frame, history: &ResourceHistory) -> AnyView {
    let used = frame.steps(&history.points, |point| point.used);
    let hard = frame.steps(&history.points, |point| point.hard);
    let area = format!("{used}V100H0Z");
    let ahead = frame.ahead().map(|path| view! { <path class="ahead" d=path/> });
    view! {
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label=words(frame, history)>
            <path class="area" d=area/>
            <path class="limit" d=hard/>
            <path class="series" d=used/>
            {ahead}
        </svg>
    }
    .into_any()
}

fn words(frame: &Frame, history: &ResourceHistory) -> String {
    let told = |amount| format::amount(history.unit, amount);
    let (first, last) = (told(frame.first.used), told(frame.last.used));
    format!(
        "{}: from {first} to {last} of {}",
        history.resource,
        told(frame.last.hard)
    )
}

fn days(frame: &Frame) -> AnyView {
    let last = frame.last.at;
    let now = cent(frame.x(last) / 1000.0);
    let (is_end, day) = (frame.reached.is_none(), format::day(last, last));
    let end = frame.reached.map(|reached| {
        view! { <span class="last t-fail" style:left="100%">{format::day(midnight(reached.reached_on), last)}</span> }
    });
    // Where the past fills nearly all of the plot the two labels would touch.
    let is_clear = frame.reached.is_none() || frame.x(last) < 850.0;
    let class = if is_end { "last" } else { "" };
    let at = is_clear.then(|| view! { <span class=class style:left=now>{day}</span> });
    view! {
        <div class="x" aria-hidden="true">
            <span class="first" style:left="0%">{format::day(frame.first.at, last)}</span>
            {at}
            {end}
        </div>
    }
    .into_any()
}

/// A share of the whole as CSS takes it.
fn cent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// What the plot spans: from the first point to the last, or on to where the bound is reached; from nothing to a bit more than
/// there ever was.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    first: QuotaPoint,
    last: QuotaPoint,
    reached: Option<Forecast>,
    end: DateTime<Utc>,
    top: f64,
}

impl Frame {
    fn around(history: &ResourceHistory, outlook: Outlook) -> Option<Self> {
        let (first, last) = (*history.points.first()?, *history.points.last()?);
        let most = history.points.iter().map(|point| point.used.max(point.hard)).max()?;
        let reached = outlook
            .forecast()
            .filter(|it| midnight(it.reached_on) - last.at <= AHEAD);
        let end = reached.map_or(last.at, |it| midnight(it.reached_on)).max(last.at);
        (first.at < last.at && most > 0).then_some(Self {
            first,
            last,
            reached,
            end,
            top: most as f64 * ROOM,
        })
    }

    /// From the left, 0 to 1000.
    fn x(&self, at: DateTime<Utc>) -> f64 {
        (at - self.first.at).num_seconds() as f64 / (self.end - self.first.at).num_seconds() as f64 * 1000.0
    }

    /// From below, 0 to 100.
    fn y(&self, amount: f64) -> f64 {
        (amount / self.top * 100.0).clamp(0.0, 100.0)
    }

    /// A line that stays level until the next point.
    fn steps(&self, points: &[QuotaPoint], of: fn(&QuotaPoint) -> i64) -> String {
        let mut path = String::new();
        for (place, point) in points.iter().enumerate() {
            let (x, y) = (self.x(point.at), 100.0 - self.y(of(point) as f64));
            path.push_str(&match place {
                0 => format!("M{x:.1} {y:.1}"),
                _ => format!("H{x:.1}V{y:.1}"),
            });
        }
        path
    }

    /// The line from the last point to where the bound is reached, with the bound on above it.
    fn ahead(&self) -> Option<String> {
        self.reached?;
        let (x, used, hard) = (
            self.x(self.last.at),
            self.y(self.last.used as f64),
            self.y(self.last.hard as f64),
        );
        let (used, hard) = (100.0 - used, 100.0 - hard);
        Some(format!("M{x:.1} {used:.1}L1000 {hard:.1}M{x:.1} {hard:.1}H1000"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::quotas::Unit;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn history(points: &[(i64, i64, i64)]) -> ResourceHistory {
        let point = |&(day, used, hard): &(i64, i64, i64)| QuotaPoint {
            at: at(day),
            used,
            hard,
        };
        ResourceHistory {
            resource: "pods".into(),
            unit: Unit::Count,
            points: points.iter().map(point).collect(),
        }
    }

    fn reached(day: i64) -> Outlook {
        Outlook::Reached(Forecast {
            per_day: 1.0,
            reached_on: at(day).date_naive(),
        })
    }

    #[test]
    fn use_stays_level_until_it_changes() {
        let history = history(&[(0, 50, 100), (5, 50, 100), (10, 75, 100)]);
        let frame = Frame::around(&history, Outlook::Steady).unwrap();
        assert_eq!(
            frame.steps(&history.points, |point| point.used),
            "M0.0 55.4H500.0V55.4H1000.0V33.0"
        );
        assert_eq!(frame.ahead(), None);
    }

    #[test]
    fn the_plot_goes_on_to_where_the_bound_is_reached() {
        let history = history(&[(0, 50, 100), (10, 75, 100)]);
        let frame = Frame::around(&history, reached(20)).unwrap();
        assert_eq!(frame.x(at(10)), 500.0);
        assert_eq!(frame.ahead().unwrap(), "M500.0 33.0L1000 10.7M500.0 10.7H1000");
    }

    #[test]
    fn what_is_far_ahead_is_not_drawn() {
        let history = history(&[(0, 50, 100), (10, 75, 100)]);
        assert_eq!(Frame::around(&history, reached(200)).unwrap().end, at(10));
    }

    #[test]
    fn one_instant_and_nothing_at_all_draw_no_line() {
        let none = |points: &[(i64, i64, i64)]| Frame::around(&history(points), Outlook::Unknown);
        assert_eq!(none(&[(0, 5, 10)]), None);
        assert_eq!(none(&[(0, 0, 0), (1, 0, 0)]), None);
    }
}
