//! Nothing to show, and why.

use leptos::prelude::*;

use super::icon::{Icon, symbol};

/// Nothing: what is missing, why, and the way out.
pub(crate) fn empty(title: impl Into<String>, text: impl Into<String>, way_out: impl IntoView) -> AnyView {
    drawn(().into_any(), title.into(), text.into(), way_out.into_any())
}

/// Nothing, and that is good: under the load line.
pub(crate) fn empty_good(title: impl Into<String>, text: impl Into<String>, proof: impl IntoView) -> AnyView {
    let art = view! {
        <svg class="art" aria-hidden="true" viewBox="0 0 56 56" fill="none" stroke="currentColor" stroke-width="2">
            <circle cx="28" cy="24" r="13"></circle>
            <path d="M4 24h48" stroke="var(--sea)" stroke-width="2.5"></path>
            <path d="M6 44q5.5-4 11 0t11 0 11 0 11 0" opacity=".5"></path>
        </svg>
    };
    drawn(art.into_any(), title.into(), text.into(), proof.into_any())
}

/// The right that is missing; never what lies behind.
pub(crate) fn forbidden(text: impl Into<String>) -> AnyView {
    drawn(
        symbol("icon art", Icon::Lock.href()),
        "You may not see this".into(),
        text.into(),
        ().into_any(),
    )
}

fn drawn(art: AnyView, title: String, text: String, way_out: AnyView) -> AnyView {
    view! { <div class="card empty">{art}<h2>{title}</h2><p>{text}</p>{way_out}</div> }.into_any()
}
