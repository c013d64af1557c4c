//! The score over time above and below the load line, with the range that undecided checks leave today, what
//! moved it, and how much was decided.

use leptos::prelude::*;
use shared::overview::Flag;
use shared::score::LOAD_LINE;
use shared::trends::Point;
use wasm_bindgen::JsCast;

use super::axis::{cent, days};
use super::frame::{Curve, Frame};
use super::told;
use crate::format;
use crate::here::Here;

/// What the chart shows.
#[derive(Clone)]
pub(crate) struct History {
    /// The score at each snapshot, oldest first.
    pub(crate) points: Vec<Point>,
    /// What moved it, oldest first.
    pub(crate) flags: Vec<Flag>,
    /// Whether the last point is the present.
    pub(crate) live: bool,
}

/// The plot, the strip of evidence below it, the flags told in words, and all of it as a table.
pub(crate) fn history(here: Here, shown: History) -> AnyView {
    let Some(frame) = Frame::around(&shown.points) else {
        return ().into_any();
    };
    view! {
        <div class="chart waterline history">
            {scores(frame)}
            {plot(frame, &shown)}
            {days(frame, shown.live)}
        </div>
        {strip(frame, &shown.points)}
        {told::events(here, &shown.flags)}
        {told::table(here, shown.points)}
    }
    .into_any()
}

fn scores(frame: Frame) -> AnyView {
    let labels: Vec<_> = frame
        .grid()
        .into_iter()
        .map(|score| view! { <span style:bottom=cent(frame.y(score))>{format::score(Some(score))}</span> })
        .collect();
    view! { <div class="y" aria-hidden="true">{labels}</div> }.into_any()
}

fn plot(frame: Frame, shown: &History) -> AnyView {
    let at_line = cent(frame.y(LOAD_LINE));
    view! {
        <div class="plot">
            {drawing(frame, shown)}
            <svg class="disc" style:bottom=at_line.clone() viewBox="0 0 24 24" aria-hidden="true">
                <circle cx="12" cy="12" r="8"/>
                <path d="M0 12h24"/>
            </svg>
            <span class="load-label" style:bottom=at_line>"Load line 70"</span>
            {pins(frame, &shown.flags)}
            {shown.points.last().map(|last| today(frame, last))}
            {reader(frame, shown.points.clone())}
        </div>
    }
    .into_any()
}

fn drawing(frame: Frame, shown: &History) -> AnyView {
    let line = frame.line_y(LOAD_LINE);
    let curves = frame.curves(shown.points.iter().map(|point| (point.at, point.score)));
    let grid: Vec<_> = frame
        .grid()
        .into_iter()
        .map(|score| view! { <path class="grid-line" d=format!("M0 {:.2}H1000", frame.line_y(score))/> })
        .collect();
    let areas = |class: &'static str| {
        curves
            .iter()
            .map(|c| view! { <path class=class d=c.area(line)/> })
            .collect_view()
    };
    view! {
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img">
            <title>{told::words(&shown.points, frame.bottom(), shown.live)}</title>
            {grid}
            <defs>
                <clipPath id="above-line"><rect width="1000" height=format!("{line:.2}")/></clipPath>
                <clipPath id="below-line">
                    <rect y=format!("{line:.2}") width="1000" height=format!("{:.2}", 100.0 - line)/>
                </clipPath>
            </defs>
            <rect class="water" y=format!("{line:.2}") width="1000" height=format!("{:.2}", 100.0 - line)/>
            <g clip-path="url(#above-line)">{areas("freeboard")}</g>
            <g clip-path="url(#below-line)">{areas("sunk")}</g>
            {ticks(frame, shown)}
            <path class="load-line" d=format!("M-22 {line:.2}H1000")/>
            {curves.iter().map(curve).collect_view()}
        </svg>
    }
    .into_any()
}

fn curve(curve: &Curve) -> AnyView {
    view! { <path class="series score" d=curve.line()/> }.into_any()
}

/// From the curve up to each flag.
fn ticks(frame: Frame, shown: &History) -> AnyView {
    let tick = |flag: &Flag| {
        let x = frame.x(flag.at);
        let score = frame.nearest(&shown.points, x).and_then(|at| shown.points[at].score)?;
        Some(view! { <path class="tick" d=format!("M{:.1} {:.1}V0", x * 1000.0, frame.line_y(score))/> })
    };
    shown.flags.iter().map(tick).collect_view().into_any()
}

fn pins(frame: Frame, flags: &[Flag]) -> AnyView {
    let pin = |(n, flag): (usize, &Flag)| {
        let class = format!("mark {}", told::flag_class(flag.score));
        view! { <b class=class style:left=cent(frame.x(flag.at)) style:bottom="100%" aria-hidden="true">{n + 1}</b> }
    };
    flags.iter().enumerate().map(pin).collect_view().into_any()
}

/// The last score, and the range that the undecided checks leave.
fn today(frame: Frame, last: &Point) -> AnyView {
    let (low, high) = (frame.y(last.low), frame.y(last.high));
    let whisker = (high > low).then(|| {
        view! { <i class="whisker" style:bottom=cent(low) style:height=cent(high - low) aria-hidden="true"></i> }
    });
    let dot = last.score.map(|score| {
        view! { <i class="mark now" style:left="100%" style:bottom=cent(frame.y(score)) aria-hidden="true"></i> }
    });
    view! { {whisker}{dot} }.into_any()
}

/// What stands under the pointer, told beside it.
fn reader(frame: Frame, points: Vec<Point>) -> AnyView {
    let at = RwSignal::new(None::<usize>);
    let points = StoredValue::new(points);
    let moved = move |event: leptos::ev::PointerEvent| {
        let over = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
        let width = over.map_or(0, |over| over.offset_width());
        if width > 0 {
            let x = event.offset_x() as f32 / width as f32;
            at.set(points.with_value(|points| frame.nearest(points, x)));
        }
    };
    let shown = move || {
        at.get()
            .and_then(|at| points.with_value(|points| points.get(at).cloned()))
    };
    view! {
        <div class="reader" on:pointermove=moved on:pointerleave=move |_| at.set(None) aria-hidden="true"></div>
        {move || shown().map(|point| tip(frame, &point))}
    }
    .into_any()
}

fn tip(frame: Frame, point: &Point) -> AnyView {
    let x = frame.x(point.at);
    let (left, right) = if x < 0.6 {
        (cent(x), "auto".to_owned())
    } else {
        ("auto".to_owned(), cent(1.0 - x))
    };
    let score = point.score.unwrap_or(LOAD_LINE);
    view! {
        <i class="cursor" style:left=cent(x) aria-hidden="true"></i>
        <div class="tip" style:left=left style:right=right style:bottom=cent(frame.y(score)) aria-hidden="true">
            <b>{format::score(point.score)}</b>" "
            <span class="muted">
                {told::range(point)}", evidence "{format::percent(point.evidence)}<br/>
                {format::absolute(point.at)}
            </span>
        </div>
    }
    .into_any()
}

fn strip(frame: Frame, points: &[Point]) -> AnyView {
    view! {
        <div class="strip">
            <span>"Evidence"</span>
            <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img">
                <title>{told::evidence_words(points)}</title>
                <path class="strip-base" d="M0 0H1000V100H0Z"/>
                <path class="area" d=frame.evidence(points)/>
            </svg>
        </div>
    }
    .into_any()
}
