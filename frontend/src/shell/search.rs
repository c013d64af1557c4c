//! The search: questions about access, pages, namespaces, workloads, subjects, checks and findings, from anywhere.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Open;
use super::hits::{Hit, Mark, results};
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, icon};
use crate::components::search::rested;
use crate::components::severity::severity_glyph;
use crate::format;
use crate::here::Here;

/// The dialog behind `/`.
pub(super) fn dialog(here: Here, open: Open) -> AnyView {
    view! { <Dialog open=open.search label="Search">{palette(here, open.search)}</Dialog> }.into_any()
}

/// What the search knows while it is open.
#[derive(Clone, Copy)]
struct Palette {
    here: Here,
    open: RwSignal<bool>,
    typed: RwSignal<String>,
    sought: Signal<String>,
    hits: Memo<Vec<Hit>>,
    chosen: RwSignal<usize>,
}

fn palette(here: Here, open: RwSignal<bool>) -> AnyView {
    let typed = RwSignal::new(String::new());
    let sought = rested(typed);
    let palette = Palette {
        here,
        open,
        typed,
        sought,
        hits: results(here, sought),
        chosen: RwSignal::new(0),
    };
    Effect::new(move |_| {
        palette.hits.track();
        palette.chosen.set(0);
    });
    view! {
        <div class="palette">
            {field(palette)}
            <div class="hits" id="hits" role="listbox" aria-label="Results">
                {move || palette.hits.with(|hits| groups(palette, hits))}
            </div>
            {move || nothing(palette)}
            <p class="sr" role="status">{move || format::count(palette.count() as u64, "result", "results")}</p>
            <footer>
                <span><span class="kbd">"↑"</span>" "<span class="kbd">"↓"</span>" move"</span>
                <span><span class="kbd">"↵"</span>" open"</span>
                <span><span class="kbd">"ctrl ↵"</span>" new tab"</span>
            </footer>
        </div>
    }
    .into_any()
}

impl Palette {
    fn count(self) -> usize {
        self.hits.with(Vec::len)
    }

    /// Goes to a hit.
    fn go(self, index: usize, new_tab: bool) {
        let Some(to) = self
            .hits
            .with_untracked(|hits| hits.get(index).map(|hit| hit.to.clone()))
        else {
            return;
        };
        self.open.set(false);
        if new_tab {
            _ = window().open_with_url_and_target(&untrack(|| self.here.link(&to)), "_blank");
        } else {
            self.here.go(&to);
        }
    }

    fn press(self, event: &KeyboardEvent) {
        let (at, last) = (self.chosen.get_untracked(), untrack(|| self.count()).saturating_sub(1));
        match event.key().as_str() {
            "ArrowDown" => self.chosen.set((at + 1).min(last)),
            "ArrowUp" => self.chosen.set(at.saturating_sub(1)),
            "Enter" => self.go(at, event.meta_key() || event.ctrl_key()),
            _ => return,
        }
        event.prevent_default();
        keep_in_view(self.chosen.get_untracked());
    }
}

fn field(palette: Palette) -> AnyView {
    let Palette { typed, chosen, .. } = palette;
    view! {
        <div class="query">
            {icon(Icon::Search)}
            <input
                type="text"
                autofocus
                role="combobox"
                aria-expanded="true"
                aria-controls="hits"
                aria-activedescendant=move || (palette.count() > 0).then(|| hit_id(chosen.get()))
                aria-label="Search, jump to, or ask"
                placeholder="Pages, objects, findings; or: who can get secrets?"
                autocomplete="off"
                spellcheck="false"
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=move |event| palette.press(&event)
            />
            <span class="kbd">"esc"</span>
        </div>
    }
    .into_any()
}

/// That nothing was found, and by what one finds.
fn nothing(palette: Palette) -> Option<AnyView> {
    let text = palette.sought.get();
    (palette.count() == 0 && !text.is_empty()).then(|| {
        view! {
            <p class="nothing">
                {format!("Nothing matches \u{201c}{text}\u{201d}.")}
                <small>"It finds names of objects, titles of findings, and titles and ids of checks."</small>
            </p>
        }
        .into_any()
    })
}

/// The hits under the names of their groups.
fn groups(palette: Palette, hits: &[Hit]) -> AnyView {
    let text = palette.typed.get_untracked();
    let option = |(index, hit): (usize, &Hit)| option(palette, index, hit, &text);
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

fn option(palette: Palette, index: usize, hit: &Hit, text: &str) -> AnyView {
    let mark = match hit.mark {
        Mark::Icon(glyph) => icon(glyph),
        Mark::Severity(severity) => severity_glyph(severity),
    };
    view! {
        <div
            class="option"
            id=hit_id(index)
            role="option"
            aria-selected=move || (palette.chosen.get() == index).to_string()
            on:click=move |event| palette.go(index, event.meta_key() || event.ctrl_key())
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
