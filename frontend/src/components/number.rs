//! Numbers in tables.

use leptos::prelude::*;

use crate::format;

/// A count with its thousands apart; zero is grey.
pub(crate) fn number(n: impl Into<u64>) -> AnyView {
    match n.into() {
        0 => view! { <span class="zero">"0"</span> }.into_any(),
        n => format::number(n).into_any(),
    }
}

/// A count that may be unknown: a grey dash.
pub(crate) fn number_or_unknown(n: Option<u32>) -> AnyView {
    match n {
        Some(n) => number(n),
        None => view! { <span class="zero" title="unknown">"–"</span> }.into_any(),
    }
}
