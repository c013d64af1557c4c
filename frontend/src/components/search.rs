//! The search field of a list; its text is part of the address.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Icon, icon};
use crate::here::Here;

/// How long typing must rest before the list follows.
const REST: Duration = Duration::from_millis(250);

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
    let text = Memo::new(move |_| here.param("q").unwrap_or_default());
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
                prop:value=move || text.get()
                on:input=typed
            />
        </label>
    }
    .into_any()
}
