//! The head of a page: its one `h1`, what it covers, what can be done.

use leptos::prelude::*;

use super::icon::{Icon, icon_small};
use crate::here::Here;

/// Names the document, for tabs, history and those who hear it.
pub(crate) fn document_title(title: impl Fn() -> String + 'static) {
    Effect::new(move |_| document().set_title(&format!("{} · Plimsoll", title())));
}

/// The head. `meta` says scope and size; `actions` stand at the right.
#[component]
pub(crate) fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] crumbs: Option<AnyView>,
    #[prop(optional)] mono: bool,
    #[prop(optional, into)] meta: ViewFn,
    #[prop(optional, into)] actions: ViewFn,
) -> impl IntoView {
    document_title(move || title.get());
    view! {
        <div class="page-head">
            <div>
                {crumbs}
                <h1 tabindex="-1" class=mono.then_some("mono-title")>{title}</h1>
                <p class="meta">{move || meta.run()}</p>
            </div>
            <div class="actions">{move || actions.run()}</div>
        </div>
    }
}

/// The way back: pages above this one, then what this one is.
pub(crate) fn crumbs(here: Here, above: &[(&'static str, &'static str)], this: impl IntoView) -> AnyView {
    let above: Vec<_> = above
        .iter()
        .map(|&(text, to)| view! { <a href=move || here.link(to)>{text}</a>{icon_small(Icon::Right)} })
        .collect();
    view! { <nav class="crumbs" aria-label="Breadcrumb">{above}<span>{this.into_any()}</span></nav> }.into_any()
}
