//! Copying to the clipboard.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlDocument, HtmlTextAreaElement};

use super::icon::{Icon, icon_small};
use super::toast::use_toasts;

/// How long a button says that it did.
const SAID: Duration = Duration::from_secs(2);

/// A button that copies `text`, and says so on itself.
pub(crate) fn copy_button(label: &'static str, text: impl Fn() -> String + 'static) -> AnyView {
    let toasts = use_toasts();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = text();
        leptos::task::spawn_local(async move {
            match copy_text(&text).await {
                Ok(()) => {
                    copied.try_set(true);
                    set_timeout(move || _ = copied.try_set(false), SAID);
                }
                Err(_) => toasts.fail("Not copied: the browser does not allow it"),
            }
        });
    };
    view! {
        <button type="button" class="btn small" on:click=copy>
            {move || icon_small(if copied.get() { Icon::Check } else { Icon::Copy })}
            <span aria-live="polite">{move || if copied.get() { "Copied" } else { label }}</span>
        </button>
    }
    .into_any()
}

/// Puts `text` on the clipboard.
pub(crate) async fn copy_text(text: &str) -> Result<(), JsValue> {
    let navigator = window().navigator();
    // Browsers hide the clipboard from pages that came over plain HTTP.
    match js_sys::Reflect::get(&navigator, &"clipboard".into())?.dyn_into::<Clipboard>() {
        Ok(clipboard) => JsFuture::from(clipboard.write_text(text)).await.map(drop),
        Err(_) => copy_by_selection(text),
    }
}

fn copy_by_selection(text: &str) -> Result<(), JsValue> {
    let document: HtmlDocument = document().dyn_into().map_err(JsValue::from)?;
    let area: HtmlTextAreaElement = document.create_element("textarea")?.dyn_into().map_err(JsValue::from)?;
    area.set_class_name("sr");
    area.set_value(text);
    // Inside an open dialog, only what the dialog holds can be selected.
    let place = document
        .query_selector("dialog[open]")?
        .or_else(|| document.body().map(Into::into));
    place.ok_or(JsValue::NULL)?.append_child(&area)?;
    area.select();
    let copied = document.exec_command("copy");
    area.remove();
    if copied? { Ok(()) } else { Err(JsValue::NULL) }
}
