//! What there is no room for, behind a word: opened by a click, a key or a finger, where a title is there for the mouse alone.

use leptos::prelude::*;

/// The word, and what opening it tells.
pub(crate) fn more(word: impl IntoView, told: impl IntoView) -> AnyView {
    view! { <details class="told-more"><summary>{word.into_any()}</summary><div>{told.into_any()}</div></details> }
        .into_any()
}
