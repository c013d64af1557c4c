//! Shares over time: a line for each, between nothing and all.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::axis::{cent, days};
use super::frame::Frame;
use crate::format;

/// The classes of the lines, in their order.
const CLASSES: [&str; 3] = ["first", "second", "third"];

/// The shares that get a line of the grid.
const GRID: [f32; 3] = [0.0, 0.5, 1.0];

/// What one line shows.
pub(crate) struct Line {
    /// Of what it is a share.
    pub(crate) label: &'static str,
    /// The share, from 0 to 1, at each instant, the oldest first; none where it is not known.
    pub(crate) shares: Vec<(DateTime<Utc>, Option<f32>)>,
}

/// Up to three lines with their legend, which tells their first and last value; `live` where the last instant is the present.
/// Nothing where no line knows two instants.
pub(crate) fn shares(lines: &[Line], live: bool) -> Option<AnyView> {
    let known = || lines.iter().flat_map(known);
    let (from, to) = (known().map(|(at, _)| at).min()?, known().map(|(at, _)| at).max()?);
    let frame = (from < to).then(|| Frame::of_shares(from, to))?;
    let label = |share: f32| view! { <span style:bottom=cent(share)>{format::percent(share)}</span> };
    let chart = view! {
        <div class="chart shares">
            <div class="y" aria-hidden="true">{GRID.map(label).collect_view()}</div>
            <div class="plot">{drawing(frame, lines)}</div>
            {days(frame, live)}
        </div>
        {legend(lines)}
    };
    Some(chart.into_any())
}

fn known(line: &Line) -> impl Iterator<Item = (DateTime<Utc>, f32)> {
    line.shares.iter().filter_map(|(at, share)| Some((*at, (*share)?)))
}

fn drawing(frame: Frame, lines: &[Line]) -> AnyView {
    let grid = |share: f32| view! { <path class="grid-line" d=format!("M0 {:.2}H1000", frame.line_y(share))/> };
    let line = |(line, class): (&Line, &'static str)| {
        let curves = frame.curves(line.shares.iter().copied());
        let paths: Vec<_> = curves.iter().map(|curve| view! { <path d=curve.line()/> }).collect();
        view! { <g class=format!("series {class}")>{paths}</g> }
    };
    let drawn: Vec<_> = lines.iter().zip(CLASSES).map(line).collect();
    let words: Vec<String> = lines.iter().map(words).collect();
    view! {
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label=words.join("; ")>{GRID.map(grid).collect_view()}{drawn}</svg>
    }
    .into_any()
}

fn legend(lines: &[Line]) -> AnyView {
    let one = |(line, class): (&Line, &'static str)| view! { <span><i class=format!("line {class}")></i>{words(line)}</span> };
    let items: Vec<_> = lines.iter().zip(CLASSES).map(one).collect();
    // A picture's words are heard with the picture.
    view! { <div class="legend shares" aria-hidden="true">{items}</div> }.into_any()
}

/// `Pods closed to strangers: 31 % to 45 %`.
fn words(line: &Line) -> String {
    let mut all = known(line).map(|(_, share)| format::percent(share));
    let first = all.next();
    match (first, all.last()) {
        (Some(first), Some(last)) if first != last => format!("{}: {first} to {last}", line.label),
        (Some(only), _) => format!("{}: {only}", line.label),
        (None, _) => format!("{}: not known", line.label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(shares: &[Option<f32>]) -> Line {
        let at = |hour: i64| DateTime::from_timestamp(hour * 3_600, 0).unwrap();
        Line {
            label: "Pods",
            shares: (0..).map(at).zip(shares.iter().copied()).collect(),
        }
    }

    #[test]
    fn the_words_tell_the_first_and_last_known_value() {
        let told = |shares: &[Option<f32>]| words(&line(shares));
        assert_eq!(told(&[None, Some(0.3), None, Some(0.4), None]), "Pods: 30 % to 40 %");
        assert_eq!(told(&[Some(0.3), Some(0.5), Some(0.3)]), "Pods: 30 %");
        assert_eq!(told(&[None]), "Pods: not known");
    }

    #[test]
    fn one_known_instant_is_no_course() {
        assert!(shares(&[line(&[None, Some(0.3), None])], true).is_none());
        assert!(shares(&[line(&[None]), line(&[])], true).is_none());
    }
}
