//! Rows that can be pressed anywhere.

use leptos::ev::MouseEvent;
use wasm_bindgen::JsCast;

/// Whether a press in a row is the business of a link or a button in it, and not of the row.
pub(crate) fn on_a_link(event: &MouseEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("a, button").ok().flatten().is_some())
}
