//! Keys. They act where nothing is being typed and no dialog is open.
//!
//! Pages take part by attributes: `data-row` on the link of each row, `data-close` on what closes the side
//! panel, `data-filter` on the field or button where filtering starts.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::Open;
use crate::components::copy::copy_text;
use crate::components::dialog::Dialog;
use crate::components::toast::{Toasts, use_toasts};
use crate::dom::find;
use crate::prefs::Prefs;

/// The keys and what they do, as the list shows them.
const KEYS: [(&[&str], &str); 9] = [
    (&["/"], "Search"),
    (&["j", "k"], "Next and previous row"),
    (&["↵"], "Open the row"),
    (&["esc"], "Close the side panel"),
    (&["f"], "Filter the list"),
    (&["@"], "Pick a point in time"),
    (&["y"], "Copy a link to this view"),
    (&["["], "Collapse the navigation"),
    (&["?"], "This list"),
];

/// Listens while the frame is there.
pub(super) fn listen(open: Open, prefs: Prefs) {
    let toasts = use_toasts();
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_typing(&event) && !dialog_open() && act(&event.key(), open, prefs, toasts) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Whether the key did something.
fn act(key: &str, open: Open, prefs: Prefs, toasts: Toasts) -> bool {
    match key {
        "/" => open.search.set(true),
        "?" => open.keys.set(true),
        "@" => open.time.set(true),
        "[" => prefs.toggle_nav(),
        "y" => copy_address(toasts),
        "j" => return move_row(1),
        "k" => return move_row(-1),
        "f" => return find("[data-filter]").is_some_and(|field| field.focus().is_ok()),
        "Escape" if open.menu.get_untracked() => open.menu.set(false),
        "Escape" => return find("[data-close]").map(|close| close.click()).is_some(),
        _ => return false,
    }
    true
}

fn is_typing(event: &KeyboardEvent) -> bool {
    // Where `[` and `@` take AltGr, some systems report it as Ctrl and Alt.
    let shortcut = event.meta_key() || ((event.ctrl_key() || event.alt_key()) && !event.get_modifier_state("AltGraph"));
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let field = target.is_some_and(|target| {
        let typed_in = "input:not([type=checkbox], [type=radio]), textarea, select";
        target.is_content_editable() || target.matches(typed_in).unwrap_or(false)
    });
    shortcut || field || event.default_prevented()
}

fn dialog_open() -> bool {
    find("dialog[open]").is_some()
}

/// Moves the focus by one row; while the side panel is open, it shows the row at once.
fn move_row(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all("main [data-row]") else {
        return false;
    };
    let rows: Vec<HtmlElement> = (0..rows.length())
        .filter_map(|n| rows.get(n))
        .filter_map(|row| row.dyn_into().ok())
        .collect();
    let focused = document().active_element();
    let at = |row: &HtmlElement| {
        let row: &Element = row;
        focused.as_ref() == Some(row)
    };
    let shown = |row: &HtmlElement| row.has_attribute("aria-current");
    let current = rows.iter().position(at).or_else(|| rows.iter().position(shown));
    let target = match current {
        Some(current) => usize::try_from(current as i32 + by)
            .ok()
            .and_then(|index| rows.get(index)),
        None => rows.first(),
    };
    let Some(row) = target else { return false };
    _ = row.focus();
    if find("[data-close]").is_some() {
        row.click();
    }
    true
}

fn copy_address(toasts: Toasts) {
    let address = window().location().href().unwrap_or_default();
    leptos::task::spawn_local(async move {
        match copy_text(&address).await {
            Ok(()) => toasts.say("Link copied"),
            Err(_) => toasts.fail("Not copied: the browser does not allow it"),
        }
    });
}

/// The list of keys.
pub(super) fn dialog(open: Open) -> AnyView {
    let row = |(keys, what): (&'static [&'static str], &'static str)| {
        let keys = keys
            .iter()
            .map(|key| view! { <span class="kbd">{*key}</span>" " })
            .collect_view();
        view! { <dt>{keys}</dt><dd>{what}</dd> }
    };
    view! {
        <Dialog open=open.keys label="Keyboard">
            <div class="palette keys">
                <h2 tabindex="-1" autofocus>"Keyboard"</h2>
                <dl>{KEYS.map(row).collect_view()}</dl>
            </div>
        </Dialog>
    }
    .into_any()
}
