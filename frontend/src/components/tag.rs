//! Tags inform.

use leptos::prelude::*;

/// What a tag's colour says.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    /// Nothing.
    Plain,
    /// New.
    New,
    /// Verified, harmless.
    Ok,
    /// To look at.
    Warn,
}

/// A tag.
pub(crate) fn tag(tone: Tone, text: impl IntoView) -> AnyView {
    let class = match tone {
        Tone::Plain => "tag",
        Tone::New => "tag new",
        Tone::Ok => "tag ok",
        Tone::Warn => "tag warn",
    };
    view! { <span class=class>{text.into_any()}</span> }.into_any()
}
