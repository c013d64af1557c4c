//! The score, what it rests on, its course, and the open findings by severity.

use leptos::prelude::*;
use shared::overview::Overview;
use shared::score::{LOAD_LINE, Score};
use shared::verdict::Severity;

use super::window::Window;
use crate::chart::{self, History};
use crate::components::delta::{Better, delta};
use crate::components::icon::{Icon, icon_small};
use crate::components::link::{count_link, link};
use crate::components::severity::severity;
use crate::format;
use crate::here::Here;

/// The hero of the page.
pub(super) fn hero(here: Here, window: Window, overview: &Overview) -> AnyView {
    let live = here.instant().is_none();
    let course = History {
        points: overview.history.clone(),
        flags: overview.flags.clone(),
        live,
    };
    view! {
        <section class="card hero" aria-labelledby="posture">
            <div class="hero-score">
                <h2 id="posture">"Posture"</h2>
                {score(&overview.score)}
                {rise(window, overview)}
                {evidence(here, &overview.score)}
            </div>
            <div class="hero-chart">{chart::history(here, course)}</div>
            {stats(here, overview)}
        </section>
    }
    .into_any()
}

fn score(score: &Score) -> AnyView {
    let range = format!(
        "{} to {} possible",
        format::score(Some(score.low)),
        format::score(Some(score.high))
    );
    view! {
        <p class="score">
            <b>{format::score(score.value)}</b>
            <span>"of 100"<br/><small>{range}</small></span>
        </p>
    }
    .into_any()
}

/// Whether the score rose or sank in the window, and how far it is from the load line.
fn rise(window: Window, overview: &Overview) -> AnyView {
    let Some(now) = overview.score.value else {
        return view! { <p class="free">"Nothing was decided yet."</p> }.into_any();
    };
    let before = overview.before.as_ref().and_then(|before| before.score);
    let (class, mark, word, far) = match before.map(|before| now - before) {
        None => (
            "rise level",
            None,
            "",
            format!("No snapshot is {} old yet", window.words()),
        ),
        Some(change) => moved(change, window),
    };
    view! {
        <p class=class>{mark.map(icon_small)}<span><b>{word}</b>" "{far}</span></p>
        <p class="free">{freeboard(now)}</p>
    }
    .into_any()
}

type Moved = (&'static str, Option<Icon>, &'static str, String);

fn moved(change: f32, window: Window) -> Moved {
    let far = format::signed(change.abs());
    let far = far.trim_start_matches('+');
    let within = window.words();
    match (far, change > 0.0) {
        ("0", _) => ("rise level", None, "Level.", format!("No change in {within}")),
        (far, true) => ("rise", Some(Icon::ArrowUp), "Rising.", format!("{far} up in {within}")),
        (far, false) => (
            "rise sinking",
            Some(Icon::ArrowDown),
            "Sinking.",
            format!("{far} down in {within}"),
        ),
    }
}

fn freeboard(score: f32) -> String {
    let gap = score.round() - LOAD_LINE;
    match gap {
        gap if gap > 0.0 => format!("{gap:.0} above the load line"),
        gap if gap < 0.0 => format!("{:.0} below the load line", -gap),
        _ => "At the load line".into(),
    }
}

fn evidence(here: Here, score: &Score) -> AnyView {
    let counts = score.verdicts;
    let (decided, total) = (counts.decided(), counts.total());
    let label = format!(
        "{decided} of {total} checks decided, {} manual, {} not evaluated",
        counts.manual, counts.not_evaluated
    );
    let part = move |class: &'static str, n: u32| {
        let width = format!("{:.1}%", f64::from(n) * 100.0 / f64::from(total.max(1)));
        (n > 0).then(|| view! { <i class=class style:width=width></i> })
    };
    view! {
        <div class="evidence">
            <p><span>"Evidence"</span><b>{format::percent(score.evidence)}</b></p>
            <div class="split" role="img" aria-label=label>
                {part("pass", decided)}{part("manual", counts.manual)}{part("unknown", counts.not_evaluated)}
            </div>
            <p class="small">
                {decided}" of "{link(here, "link", "/checks", format::count(total, "check", "checks"))}" decided, "
                {count_link(here, "link", counts.manual, "/checks?verdict=manual")}" manual, "
                {count_link(here, "link", counts.not_evaluated, "/checks?verdict=notEvaluated")}" not evaluated. "
                {undecided(score)}
            </p>
        </div>
    }
    .into_any()
}

/// What the undecided checks could make of the score.
fn undecided(score: &Score) -> Option<String> {
    let n = score.verdicts.manual + score.verdicts.not_evaluated;
    let those = match n {
        0 => return None,
        1 => "that one".into(),
        n => format!("those {n}"),
    };
    let they = if n == 1 { "it" } else { "they" };
    let (low, high) = (format::score(Some(score.low)), format::score(Some(score.high)));
    Some(format!(
        "If {those} failed the score would be {low}; if {they} passed, {high}."
    ))
}

fn stats(here: Here, overview: &Overview) -> AnyView {
    let before = overview.before.as_ref();
    let cell = |label: AnyView, to: String, now: u32, then: Option<u32>| {
        let change = then.map(|then| delta(now as f32 - then as f32, Better::Down));
        view! {
            <a href=move || here.link(&to)>
                <span class="k">{label}</span>
                <span class="v">{format::number(now)}</span>
                " "{change}
            </a>
        }
        .into_any()
    };
    let cells = Severity::ALL.map(|of| {
        let then = before.map(|before| before.open.of(of));
        cell(
            severity(of),
            format!("/findings?severity={}", of.as_str()),
            overview.open.of(of),
            then,
        )
    });
    let then = before.map(|before| before.open.total());
    let all = cell("All open".into_any(), "/findings".into(), overview.open.total(), then);
    view! { <div class="stats">{cells.collect_view()}{all}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::score::VerdictCounts;

    #[test]
    fn the_distance_to_the_load_line_is_that_of_the_numbers_shown() {
        assert_eq!(freeboard(74.4), "4 above the load line");
        assert_eq!(freeboard(69.6), "At the load line");
        assert_eq!(freeboard(61.0), "9 below the load line");
    }

    #[test]
    fn a_move_too_small_to_show_is_level() {
        assert_eq!(moved(0.04, Window::Week).2, "Level.");
        assert_eq!(moved(3.0, Window::Week).3, "3 up in 7 days");
        assert_eq!(moved(-1.26, Window::Day).3, "1.3 down in 24 h");
    }

    #[test]
    fn undecided_checks_are_told_with_their_range() {
        let verdicts = VerdictCounts {
            pass: 112,
            manual: 6,
            not_evaluated: 10,
            ..Default::default()
        };
        let mut score = Score {
            value: Some(74.0),
            low: 69.0,
            high: 79.0,
            evidence: 0.88,
            verdicts,
        };
        let expected = "If those 16 failed the score would be 69; if they passed, 79.";
        assert_eq!(undecided(&score).as_deref(), Some(expected));
        score.verdicts = VerdictCounts {
            pass: 5,
            ..Default::default()
        };
        assert_eq!(undecided(&score), None);
    }
}
