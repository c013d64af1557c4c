//! Links within the page, which keep the cluster and the instant looked at.

use leptos::prelude::*;

use crate::format;
use crate::here::Here;

/// A link to `to`, a path perhaps with a query.
pub(crate) fn link(here: Here, class: &'static str, to: impl Into<String>, text: impl IntoView) -> AnyView {
    linked(here, class, to.into(), text.into_any())
}

/// A count that leads to what it counts; zero is grey and leads nowhere.
pub(crate) fn count_link(here: Here, class: &'static str, n: impl Into<u64>, to: impl Into<String>) -> AnyView {
    match n.into() {
        0 => view! { <span class="zero">"0"</span> }.into_any(),
        n => linked(here, class, to.into(), format::number(n).into_any()),
    }
}

fn linked(here: Here, class: &'static str, to: String, text: AnyView) -> AnyView {
    view! { <a class=class href=move || here.link(&to)>{text}</a> }.into_any()
}
