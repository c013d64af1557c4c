//! How far long work is.

use leptos::prelude::*;

/// A bar that is `done` of `total` long.
pub(crate) fn progress(label: &'static str, done: u32, total: u32) -> AnyView {
    let width = format!("{:.1}%", f64::from(done) * 100.0 / f64::from(total.max(1)));
    view! {
        <div
            class="progress"
            role="progressbar"
            aria-label=label
            aria-valuemin="0"
            aria-valuemax=total.to_string()
            aria-valuenow=done.to_string()
        >
            <i style:width=width></i>
        </div>
    }
    .into_any()
}
