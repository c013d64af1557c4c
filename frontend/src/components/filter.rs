//! Fields that a list is filtered by; what they hold is part of the address.

use leptos::prelude::*;

use crate::here::Here;

/// A choice for the parameter `name` among words of the API; `any` stands for all of them.
pub(crate) fn choice(here: Here, name: &'static str, any: &'static str, words: &[&'static str]) -> AnyView {
    let chosen = here.watch(name);
    let choose = move |event: leptos::ev::Event| {
        let word = event_target_value(&event);
        here.set(&[(name, Some(&word)), ("cursor", None)]);
    };
    let options: Vec<_> = words
        .iter()
        .map(|&word| view! { <option value=word>{word}</option> })
        .collect();
    view! {
        <select class="select" aria-label=any prop:value=move || chosen.get().unwrap_or_default() on:change=choose>
            <option value="">{any}</option>
            {options}
        </select>
    }
    .into_any()
}

/// A namespace for the parameter `name`, taken when Enter is pressed or the field is left.
pub(crate) fn namespace(here: Here, name: &'static str) -> AnyView {
    let chosen = here.watch(name);
    let choose = move |event: leptos::ev::Event| {
        let namespace = event_target_value(&event);
        here.set(&[(name, Some(namespace.trim())), ("cursor", None)]);
    };
    view! {
        <input
            class="input namespace"
            aria-label="Namespace"
            placeholder="Namespace"
            autocomplete="off"
            spellcheck="false"
            prop:value=move || chosen.get().unwrap_or_default()
            on:change=choose
        />
    }
    .into_any()
}
