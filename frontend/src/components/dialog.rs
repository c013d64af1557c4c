//! Dialogs: the browser's own, which hold the focus, close on Esc and give the focus back.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A dialog that is there while `open` is set. What it holds is made when it opens.
#[component]
pub(crate) fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] label: String,
    #[prop(optional)] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let (open, Some(dialog)) = (open.get(), dialog.get()) else {
            return;
        };
        match (open, dialog.open()) {
            (true, false) => _ = dialog.show_modal(),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    // A click on the dialog itself, and not on what it holds, is one on its backdrop.
    let on_backdrop = move |event: leptos::ev::MouseEvent| {
        let on_dialog = event
            .target()
            .is_some_and(|target| target.has_type::<web_sys::HtmlDialogElement>());
        if on_dialog {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class=class
            aria-label=label
            on:close=move |_| open.set(false)
            on:click=on_backdrop
        >
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}
