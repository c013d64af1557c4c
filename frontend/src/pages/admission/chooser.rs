//! Which pod is asked about: the namespace that it comes into, and its labels. Both are part of the address.

use leptos::prelude::*;
use shared::page::Stamped;
use shared::pod_security::PodSecurity;

use crate::components::icon::{Icon, icon_small};
use crate::components::load::Load;
use crate::here::Here;

const NAMES: &str = "admission-namespaces";

/// The bar above the way in. Namespaces that are known complete what is typed.
pub(super) fn chooser(here: Here, known: Load<Stamped<PodSecurity>>) -> AnyView {
    let options = move || {
        known.map(|known| {
            let names = known.body.namespaces.iter().map(|levels| levels.namespace.clone());
            names.map(|name| view! { <option value=name></option> }).collect_view()
        })
    };
    let namespace = here.watch("namespace");
    let clear = move || {
        let press = move |_| here.set(&[("namespace", None), ("labels", None)]);
        let button =
            view! { <button type="button" class="btn quiet" on:click=press>{icon_small(Icon::X)}"Any pod"</button> };
        namespace.get().map(|_| button)
    };
    let remark = move || match namespace.get() {
        None => "every step, whichever pod it is",
        Some(_) => "steps that would not see it are grey, and say why",
    };
    view! {
        <section class="card" aria-labelledby="which-pod">
            <h2 id="which-pod" class="sr">"Which pod"</h2>
            <form class="question" on:submit=|event| event.prevent_default()>
                <label><span>"A pod that comes into"</span>{field(here, "namespace", "any namespace", "input mono", NAMES)}</label>
                <label><span>"with the labels"</span>{field(here, "labels", "app=web,tier=front", "input mono long", "")}</label>
                {clear}
                <span class="muted small" role="status">{remark}</span>
            </form>
            <datalist id=NAMES>{options}</datalist>
        </section>
    }
    .into_any()
}

/// A field for a parameter, taken when Enter is pressed or the field is left.
fn field(here: Here, name: &'static str, hint: &'static str, class: &'static str, list: &'static str) -> AnyView {
    let value = here.watch(name);
    let choose = move |event: leptos::ev::Event| {
        let value = event_target_value(&event);
        here.set(&[(name, Some(value.trim()))]);
    };
    let namespace = here.watch("namespace");
    view! {
        <input
            class=class
            placeholder=hint
            list=list
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            disabled=move || name == "labels" && namespace.get().is_none()
            prop:value=move || value.get().unwrap_or_default()
            on:change=choose
        />
    }
    .into_any()
}
