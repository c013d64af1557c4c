//! An address that nothing is at.

use leptos::prelude::*;

use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::here::use_here;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let way_out = view! { <a class="btn" href=move || here.link("/")>"Open the overview"</a> };
    view! {
        <PageHead title="Not found"/>
        {empty("There is no page at this address", untrack(|| here.path()), way_out)}
    }
    .into_any()
}
