//! The search: pages, namespaces, workloads, checks and findings, from anywhere.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::Open;
use super::hits::{Hit, Mark, results};
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, icon};
use crate::components::severity::severity_glyph;
use crate::format;
use crate::here::Here;

/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(150);

/// The dialog behind `/`.
pub(super) fn dialog(here: Here, open: Open) -> AnyView {
    view! { <Dialog open=open.search label="Search">{palette(here, open.search)}</Dialog> }.into_any()
}

fn palette(here: Here, open: RwSignal<bool>) -> AnyView {
    let typed = RwSignal::new(String::new());
    let hits = results(here, rested(typed));
    let chosen = RwSignal::new(0_usize);
    Effect::new(move |_| {
        hits.track();
        chosen.set(0);
    });
    let go = move |index: usize, new_tab: bool| {
        let Some(to) = hits.with_untracked(|hits| hits.get(index).map(|hit| hit.to.clone())) else {
            return;
        };
        open.set(false);
        if new_tab {
            _ = window().open_with_url_and_target(&untrack(|| here.link(&to)), "_blank");
        } else {
            here.go(&to);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let (at, last) = (chosen.get_untracked(), hits.with_untracked(Vec::len).saturating_sub(1));
        match event.key().as_str() {
            "ArrowDown" => chosen.set((at + 1).min(last)),
            "ArrowUp" => chosen.set(at.saturating_sub(1)),
            "Enter" => go(at, event.meta_key() || event.ctrl_key()),
            _ => return,
        }
        event.prevent_default();
        keep_in_view(chosen.get_untracked());
    };
    view! {
        <div class="palette">
            <div class="query">
                {icon(Icon::Search)}
                <input
                    type="text"
                    autofocus
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="hits"
                    aria-activedescendant=move || hits.with(|hits| (!hits.is_empty()).then(|| hit_id(chosen.get())))
                    aria-label="Search or jump to"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=on_key
                />
                <span class="kbd">"esc"</span>
            </div>
            <div class="hits" id="hits" role="listbox" aria-label="Results">
                {move || hits.with(|hits| groups(hits, &typed.get_untracked(), chosen, go))}
            </div>
            <p class="sr" role="status">{move || format::count(hits.with(Vec::len) as u64, "result", "results")}</p>
            <footer>
                <span><span class="kbd">"↑"</span>" "<span class="kbd">"↓"</span>" move"</span>
                <span><span class="kbd">"↵"</span>" open"</span>
                <span><span class="kbd">"ctrl ↵"</span>" new tab"</span>
            </footer>
        </div>
    }
    .into_any()
}

/// What was typed, once typing rests.
fn rested(typed: RwSignal<String>) -> Signal<String> {
    let rested = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = before.flatten() {
            handle.clear();
        }
        let text = typed.get().trim().to_owned();
        set_timeout_with_handle(move || drop(rested.try_set(text)), REST).ok()
    });
    rested.into()
}

/// The hits under the names of their groups.
fn groups(
    hits: &[Hit],
    text: &str,
    chosen: RwSignal<usize>,
    go: impl Fn(usize, bool) + Copy + Send + 'static,
) -> AnyView {
    let option = |(index, hit): (usize, &Hit)| option(index, hit, text, chosen, go);
    let all: Vec<(usize, &Hit)> = hits.iter().enumerate().collect();
    all.chunk_by(|(_, a), (_, b)| a.group == b.group)
        .map(|group| {
            let name = group.first().map(|(_, hit)| hit.group);
            view! {
                <div role="group" aria-label=name>
                    <div class="group-name" aria-hidden="true">{name}</div>
                    {group.iter().copied().map(option).collect_view()}
                </div>
            }
        })
        .collect_view()
        .into_any()
}

fn option(
    index: usize,
    hit: &Hit,
    text: &str,
    chosen: RwSignal<usize>,
    go: impl Fn(usize, bool) + Copy + Send + 'static,
) -> AnyView {
    let mark = match hit.mark {
        Mark::Icon(glyph) => icon(glyph),
        Mark::Severity(severity) => severity_glyph(severity),
    };
    view! {
        <div
            class="option"
            id=hit_id(index)
            role="option"
            aria-selected=move || (chosen.get() == index).to_string()
            on:click=move |event| go(index, event.meta_key() || event.ctrl_key())
        >
            {mark}
            <span class="text">{marked(&hit.text, text)}</span>
            <small>{hit.note.clone()}</small>
        </div>
    }
    .into_any()
}

/// The text with what was searched for marked, where it occurs as typed but for the case of letters.
fn marked(text: &str, sought: &str) -> AnyView {
    let at = text
        .to_ascii_lowercase()
        .find(&sought.to_ascii_lowercase())
        .filter(|_| !sought.is_empty());
    let Some(at) = at else {
        return text.to_owned().into_any();
    };
    let (before, rest) = text.split_at(at);
    let (hit, after) = rest.split_at(sought.len());
    view! { {before.to_owned()}<mark>{hit.to_owned()}</mark>{after.to_owned()} }.into_any()
}

fn hit_id(index: usize) -> String {
    format!("hit-{index}")
}

fn keep_in_view(index: usize) {
    if let Some(option) = document().get_element_by_id(&hit_id(index)) {
        let nearest = web_sys::ScrollIntoViewOptions::new();
        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
        option.scroll_into_view_with_scroll_into_view_options(&nearest);
    }
}
