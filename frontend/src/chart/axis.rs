//! The days below a plot, and places in it as CSS takes them.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::frame::Frame;
use crate::format;

/// A share of the whole.
pub(super) fn cent(share: f32) -> String {
    format!("{:.2}%", share * 100.0)
}

/// The labels of a plot whose last instant is the present, where it is `live`.
pub(super) fn days(frame: Frame, live: bool) -> AnyView {
    let labels = frame.labels();
    let last = labels.len() - 1;
    let one = |(n, at): (usize, DateTime<Utc>)| {
        let class = if n == last {
            "last"
        } else if n == 0 {
            "first"
        } else {
            ""
        };
        let text = match (n == last && live, frame.is_short()) {
            (true, _) => "now".into(),
            (false, true) => format::clock(at),
            (false, false) => format::day(at, labels[last]),
        };
        view! { <span class=class style:left=cent(frame.x(at))>{text}</span> }
    };
    let labels: Vec<_> = labels.iter().copied().enumerate().map(one).collect();
    view! { <div class="x" aria-hidden="true">{labels}</div> }.into_any()
}
