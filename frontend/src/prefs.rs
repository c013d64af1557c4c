//! What a reader prefers, kept by their browser: the theme, and whether the navigation is collapsed.
//!
//! `theme.js` applies both before the first paint, by the same names.

use leptos::prelude::*;
use web_sys::Storage;

const THEME: &str = "theme";
const NAV: &str = "nav";
const COLLAPSED: &str = "collapsed";

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    /// The words a person reads.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one that the button switches to.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// The reader's preferences.
#[derive(Clone, Copy)]
pub(crate) struct Prefs {
    theme: RwSignal<Theme>,
    collapsed: RwSignal<bool>,
}

/// What is applied already.
pub(crate) fn read() -> Prefs {
    let theme = match attribute("data-theme").as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    let collapsed = attribute("data-nav").as_deref() == Some(COLLAPSED);
    Prefs {
        theme: RwSignal::new(theme),
        collapsed: RwSignal::new(collapsed),
    }
}

impl Prefs {
    /// The theme.
    pub(crate) fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Applies the next theme, and keeps it.
    pub(crate) fn switch_theme(self) {
        let theme = self.theme.get_untracked().next();
        let word = (theme != Theme::System).then_some(theme.word());
        set_attribute("data-theme", word);
        keep(THEME, word);
        self.theme.set(theme);
    }

    /// Whether the navigation is collapsed.
    pub(crate) fn collapsed(self) -> bool {
        self.collapsed.get()
    }

    /// Collapses the navigation, or opens it, and keeps that.
    pub(crate) fn toggle_nav(self) {
        let word = if self.collapsed.get_untracked() {
            "open"
        } else {
            COLLAPSED
        };
        set_attribute("data-nav", Some(word));
        keep(NAV, Some(word));
        self.collapsed.update(|collapsed| *collapsed = !*collapsed);
    }
}

fn attribute(name: &str) -> Option<String> {
    document().document_element()?.get_attribute(name)
}

/// Sets an attribute of the document's root, on which the styles depend.
pub(crate) fn set_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().document_element() else {
        return;
    };
    _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Storage may be forbidden; then a preference lasts as long as the page.
fn keep(name: &str, value: Option<&str>) {
    let storage: Option<Storage> = window().local_storage().ok().flatten();
    let Some(storage) = storage else { return };
    _ = match value {
        Some(value) => storage.set_item(name, value),
        None => storage.remove_item(name),
    };
}
