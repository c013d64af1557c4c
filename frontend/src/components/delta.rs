//! How far a number moved. The arrow says up or down, the colour good or bad.

use leptos::prelude::*;

use crate::format;

/// Which way is better.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// Scores.
    Up,
    /// Counts of findings.
    Down,
}

/// The arrow and how far.
pub(crate) fn delta(change: f32, better: Better) -> AnyView {
    let size = format::signed(change.abs());
    let size = size.trim_start_matches('+').to_owned();
    if size == "0" {
        return view! { <span class="delta">"0"<span class="sr">" change"</span></span> }.into_any();
    }
    let rose = change > 0.0;
    let class = if rose == (better == Better::Up) {
        "delta good"
    } else {
        "delta bad"
    };
    let (arrow, word) = if rose { ("▲ ", "up ") } else { ("▼ ", "down ") };
    view! { <span class=class><span aria-hidden="true">{arrow}</span><span class="sr">{word}</span>{size}</span> }
        .into_any()
}
