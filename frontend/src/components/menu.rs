//! Menus: a button and what it opens.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button that opens a small panel below itself. Esc, a choice, and a click elsewhere close it.
#[component]
pub(crate) fn Menu(
    /// What the button shows.
    button: AnyView,
    /// The class of the button.
    class: &'static str,
    /// The name of what it opens; the button is named by what it shows.
    label: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && details.get_untracked().is_some_and(|details| details.open()) {
            event.stop_propagation();
            close();
            focus_summary(details);
        }
    };
    let outside = window_event_listener(leptos::ev::click, move |event| {
        let inside = details
            .get_untracked()
            .zip(event.target())
            .is_some_and(|(details, target)| {
                target
                    .dyn_ref::<web_sys::Node>()
                    .is_some_and(|node| details.contains(Some(node)))
            });
        if !inside {
            close();
        }
    });
    on_cleanup(move || outside.remove());
    view! {
        <details class="menu" node_ref=details on:keydown=on_key>
            <summary class=class>{button}</summary>
            <div class="menu-body" role="group" aria-label=label on:click=move |_| close()>
                {children()}
            </div>
        </details>
    }
}

fn focus_summary(details: NodeRef<html::Details>) {
    let summary = details
        .get_untracked()
        .and_then(|details| details.query_selector("summary").ok().flatten());
    if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = summary.focus();
    }
}
