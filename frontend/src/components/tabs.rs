//! Tabs: views of one page, each with an address.

use leptos::prelude::*;

use crate::format;

/// One tab.
pub(crate) struct Tab {
    /// Where it leads.
    pub(crate) href: String,
    /// Its words.
    pub(crate) text: String,
    /// How much is behind it.
    pub(crate) count: Option<u64>,
    /// Whether it is the one shown.
    pub(crate) current: bool,
}

/// The row of tabs.
pub(crate) fn tabs(label: &'static str, items: Vec<Tab>) -> AnyView {
    let items: Vec<_> = items
        .into_iter()
        .map(|tab| {
            let count = tab
                .count
                .map(|n| view! { " "<span class="n">{format::number(n)}</span> });
            view! {
                <a href=tab.href data-noscroll aria-current=tab.current.then_some("page")>{tab.text}{count}</a>
            }
        })
        .collect();
    view! { <nav class="tabs" aria-label=label>{items}</nav> }.into_any()
}
