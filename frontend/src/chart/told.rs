//! What the score's chart shows, told in words: its title, the flags, and a table of its points.

use leptos::prelude::*;
use shared::overview::Flag;
use shared::trends::Point;

use super::as_table::as_table;
use crate::components::ago::when;
use crate::components::number::number;
use crate::format;
use crate::here::{Here, at_param};

/// The chart in a sentence: where the score began, its extremes, where it is.
pub(super) fn words(points: &[Point], bottom: f32, live: bool) -> String {
    let known: Vec<&Point> = points.iter().filter(|point| point.score.is_some()).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return "Nothing was decided yet, so there is no posture score to draw.".into();
    };
    let on = |point: &Point| format!("{} on {}", format::score(point.score), format::day(point.at, last.at));
    let by_score = |a: &&&Point, b: &&&Point| a.score.unwrap_or(0.0).total_cmp(&b.score.unwrap_or(0.0));
    let mut parts = vec![on(first)];
    parts.extend(
        known
            .iter()
            .min_by(by_score)
            .map(|point| format!("lowest {}", on(point))),
    );
    parts.extend(
        known
            .iter()
            .max_by(by_score)
            .map(|point| format!("highest {}", on(point))),
    );
    parts.push(if live {
        format!("{} now", format::score(last.score))
    } else {
        on(last)
    });
    let span = format::span(last.at - first.at);
    format!(
        "Posture score over {span}: {}. The load line is at 70; the scale begins at {bottom:.0}.",
        parts.join(", ")
    )
}

/// The strip of evidence in a sentence.
pub(super) fn evidence_words(points: &[Point]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let on = |point: &Point| {
        format!(
            "{} on {}",
            format::percent(point.evidence),
            format::day(point.at, last.at)
        )
    };
    let least = points
        .iter()
        .min_by(|a, b| a.evidence.total_cmp(&b.evidence))
        .unwrap_or(first);
    format!(
        "Share of checks decided: {}, at least {}, {}",
        on(first),
        on(least),
        on(last)
    )
}

/// `69 to 79 possible`; nothing where all is decided.
pub(super) fn range(point: &Point) -> String {
    match (format::score(Some(point.low)), format::score(Some(point.high))) {
        (low, high) if low == high => "of 100".into(),
        (low, high) => format!("{low} to {high} possible"),
    }
}

/// The class of a flag that moved the score so far.
pub(super) fn flag_class(score: f32) -> &'static str {
    match format::signed(score).chars().next() {
        Some('+') => "flag good",
        Some('\u{2212}') => "flag bad",
        _ => "flag",
    }
}

/// The numbered flags; each leads to the cluster as it stood then.
pub(super) fn events(here: Here, flags: &[Flag]) -> AnyView {
    if flags.is_empty() {
        return ().into_any();
    }
    let last = flags.last().map(|flag| flag.at).unwrap_or_default();
    let event = |(n, flag): (usize, &Flag)| {
        let to = format!("/?at={}", at_param(flag.at));
        let moved = match flag_class(flag.score) {
            "flag good" => "t-pass",
            "flag bad" => "t-fail",
            _ => "",
        };
        view! {
            <li>
                <a href=move || here.link(&to) title=format::absolute(flag.at)>
                    <b class=flag_class(flag.score)>{n + 1}</b>
                    <span>
                        <span class="when">
                            {format::day(flag.at, last)}" "<b class=moved>{format::signed(flag.score)}</b>
                        </span>
                        " "{flag.title.clone()}
                    </span>
                </a>
            </li>
        }
    };
    view! { <ol class="events">{flags.iter().enumerate().map(event).collect_view()}</ol> }.into_any()
}

/// All points, newest first.
pub(super) fn table(here: Here, points: Vec<Point>) -> AnyView {
    const HEADS: &[(&str, &str)] = &[
        ("", "Snapshot"),
        ("num", "Score"),
        ("", "Range"),
        ("num", "Evidence"),
        ("num", "Open findings"),
    ];
    as_table("Score by snapshot", HEADS, move || {
        points.iter().rev().map(|point| row(here, point)).collect()
    })
}

fn row(here: Here, point: &Point) -> AnyView {
    let to = format!("/?at={}", at_param(point.at));
    view! {
        <tr>
            <th scope="row"><a class="link" href=move || here.link(&to)>{when(point.at)}</a></th>
            <td class="num">{format::score(point.score)}</td>
            <td>{range(point)}</td>
            <td class="num">{format::percent(point.evidence)}</td>
            <td class="num">{number(point.open.total())}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::score::SeverityCounts;

    fn point(at: &str, score: Option<f32>, evidence: f32) -> Point {
        let open = SeverityCounts::default();
        Point {
            at: at.parse().unwrap(),
            score,
            low: 69.0,
            high: 79.4,
            evidence,
            open,
        }
    }

    #[test]
    fn the_title_tells_start_extremes_and_end() {
        let points = [
            point("2026-08-26T00:00:00Z", Some(66.0), 0.84),
            point("2026-10-09T00:00:00Z", Some(61.0), 0.71),
            point("2026-11-24T00:00:00Z", Some(74.2), 0.88),
        ];
        assert_eq!(
            words(&points, 54.0, true),
            "Posture score over 90 d: 66 on 26 Aug, lowest 61 on 9 Oct, highest 74 on 24 Nov, 74 now. \
             The load line is at 70; the scale begins at 54."
        );
        assert_eq!(
            evidence_words(&points),
            "Share of checks decided: 84 % on 26 Aug, at least 71 % on 9 Oct, 88 % on 24 Nov"
        );
    }

    #[test]
    fn without_a_score_the_title_says_so() {
        assert!(words(&[point("2026-08-26T00:00:00Z", None, 0.0)], 50.0, true).starts_with("Nothing was decided"));
    }

    #[test]
    fn a_range_is_only_told_where_there_is_one() {
        let mut point = point("2026-08-26T00:00:00Z", Some(74.0), 1.0);
        assert_eq!(range(&point), "69 to 79 possible");
        point.low = 79.0;
        assert_eq!(range(&point), "of 100");
    }

    #[test]
    fn a_flag_is_coloured_by_what_its_number_says() {
        assert_eq!([2.0, -10.0, 0.01].map(flag_class), ["flag good", "flag bad", "flag"]);
    }
}
