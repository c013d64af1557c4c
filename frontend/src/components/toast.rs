//! Notices: bottom left; a success goes by itself, an error stays until it is closed.

use std::time::Duration;

use leptos::prelude::*;
use shared::verdict::Verdict;

use super::icon::{Icon, icon_small};
use super::verdict::verdict_with;

const SHOWN: Duration = Duration::from_secs(6);

#[derive(Clone, PartialEq)]
struct Toast {
    id: u32,
    text: String,
    failed: bool,
}

/// The notices on the page.
#[derive(Clone, Copy)]
pub(crate) struct Toasts(RwSignal<Vec<Toast>>);

/// The notices; provided by whoever shows them.
pub(crate) fn use_toasts() -> Toasts {
    use_context().unwrap_or_else(|| Toasts(RwSignal::new(Vec::new())))
}

/// Makes a place for notices.
pub(crate) fn provide_toasts() -> Toasts {
    let toasts = Toasts(RwSignal::new(Vec::new()));
    provide_context(toasts);
    toasts
}

impl Toasts {
    /// Tells that something was done.
    pub(crate) fn say(self, text: impl Into<String>) {
        let id = self.add(text.into(), false);
        set_timeout(move || self.close(id), SHOWN);
    }

    /// Tells that something was not done.
    pub(crate) fn fail(self, text: impl Into<String>) {
        self.add(text.into(), true);
    }

    fn add(self, text: String, failed: bool) -> u32 {
        let id = self.0.with_untracked(|all| all.last().map_or(0, |toast| toast.id + 1));
        self.0.update(|all| all.push(Toast { id, text, failed }));
        id
    }

    fn close(self, id: u32) {
        self.0.try_update(|all| all.retain(|toast| toast.id != id));
    }
}

/// The place for notices. Both regions are there from the start, so that what appears in them is read out.
pub(crate) fn toaster(toasts: Toasts) -> AnyView {
    let of = move |failed: bool| {
        move || {
            let shown: Vec<Toast> = toasts
                .0
                .with(|all| all.iter().filter(|t| t.failed == failed).cloned().collect());
            shown.into_iter().map(|toast| one(toasts, toast)).collect_view()
        }
    };
    view! {
        <div class="toaster">
            <div role="status">{of(false)}</div>
            <div role="alert">{of(true)}</div>
        </div>
    }
    .into_any()
}

fn one(toasts: Toasts, toast: Toast) -> AnyView {
    let (glyph, word) = if toast.failed {
        (Verdict::Fail, "Failed")
    } else {
        (Verdict::Pass, "Done")
    };
    view! {
        <div class="toast">
            {verdict_with(glyph, view! { <span class="sr">{word}": "</span> })}
            <span>{toast.text}</span>
            <button
                type="button"
                class="btn quiet small icon-only"
                aria-label="Close"
                on:click=move |_| toasts.close(toast.id)
            >
                {icon_small(Icon::X)}
            </button>
        </div>
    }
    .into_any()
}
