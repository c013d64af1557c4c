//! Severity: rungs filled, then the word, then the colour; each can be read without the next.

use leptos::prelude::*;
use shared::verdict::Severity;

use super::icon::symbol;

/// The word a person reads.
pub(crate) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// The glyph and `text`: the word, or a number of findings.
pub(crate) fn severity_with(severity: Severity, text: impl IntoView) -> AnyView {
    view! { <span class=format!("sev {}", severity.as_str())>{glyph(severity)}{text.into_any()}</span> }.into_any()
}

/// The glyph and the word.
pub(crate) fn severity(severity: Severity) -> AnyView {
    severity_with(severity, word(severity))
}

/// The glyph alone, where the column says what it is; the word is still there for those who hear the page.
pub(crate) fn severity_glyph(severity: Severity) -> AnyView {
    severity_with(severity, view! { <span class="sr">{word(severity)}</span> })
}

fn glyph(severity: Severity) -> AnyView {
    symbol(
        "rungs",
        match severity {
            Severity::Low => "#s-low",
            Severity::Medium => "#s-medium",
            Severity::High => "#s-high",
            Severity::Critical => "#s-critical",
        },
    )
}
