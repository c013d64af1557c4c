//! Verdicts: a shape each, and the word.

use leptos::prelude::*;
use shared::verdict::Verdict;

use super::icon::symbol;

/// The word a person reads.
pub(crate) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "Pass",
        Verdict::Fail => "Fail",
        Verdict::Manual => "Manual",
        Verdict::NotEvaluated => "Not evaluated",
        Verdict::Excepted => "Accepted",
    }
}

/// The glyph and the word.
pub(crate) fn verdict(verdict: Verdict) -> AnyView {
    verdict_with(verdict, word(verdict))
}

/// The glyph and other words, for what is as good or bad as a verdict.
pub(crate) fn verdict_with(verdict: Verdict, text: impl IntoView) -> AnyView {
    let (class, href) = match verdict {
        Verdict::Pass => ("verdict pass", "#v-pass"),
        Verdict::Fail => ("verdict fail", "#v-fail"),
        Verdict::Manual => ("verdict manual", "#v-manual"),
        Verdict::NotEvaluated => ("verdict unknown", "#v-unknown"),
        Verdict::Excepted => ("verdict excepted", "#v-excepted"),
    };
    view! { <span class=class>{symbol("glyph", href)}{text.into_any()}</span> }.into_any()
}
