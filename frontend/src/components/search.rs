//! Searching while one types: the field of a list, whose text is part of the address, and typing that has come to rest.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::here::Here;

/// How long typing must rest before a list follows.
const REST: Duration = Duration::from_millis(250);
/// How long it must rest before something is offered.
const SHORT_REST: Duration = Duration::from_millis(150);

/// A field for the parameter `q`. `hint` says what can be found by.
pub(crate) fn search_field(here: Here, hint: &'static str) -> AnyView {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let typed = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        if let Some(pending) = pending.get_value() {
            pending.clear();
        }
        let follow = move || {
            let text = text.trim();
            if untrack(|| here.param("q")).as_deref().unwrap_or("") != text {
                here.set(&[("q", (!text.is_empty()).then_some(text)), ("cursor", None)]);
            }
        };
        pending.set_value(set_timeout_with_handle(follow, REST).ok());
    };
    on_cleanup(move || {
        if let Some(pending) = pending.try_get_value().flatten() {
            pending.clear();
        }
    });
    let text = here.watch("q");
    view! {
        <label class="find">
            {icon(Icon::Search)}
            <span class="sr">"Filter by text"</span>
            <input
                class="input"
                type="search"
                placeholder=hint
                autocomplete="off"
                spellcheck="false"
                data-filter
                prop:value=move || text.get().unwrap_or_default()
                on:input=typed
            />
        </label>
    }
    .into_any()
}

/// What was typed, once typing rests.
pub(crate) fn rested(typed: RwSignal<String>) -> Signal<String> {
    let rested = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = before.flatten() {
            handle.clear();
        }
        let text = typed.get().trim().to_owned();
        set_timeout_with_handle(move || drop(rested.try_set(text)), SHORT_REST).ok()
    });
    rested.into()
}
