//! The foot of a list that goes on.

use leptos::prelude::*;

use crate::format;
use crate::here::Here;

/// How many of how many are shown, and the way on; the cursor is part of the address.
pub(crate) fn pager(here: Here, shown: usize, total: u64, next: Option<String>) -> AnyView {
    let first = here.param("cursor").map(|_| {
        view! { <a class="btn small" href=here.with(&[("cursor", None)])>"First page"</a> }
    });
    let next = next.map(|next| {
        view! { <a class="btn small" rel="next" href=here.with(&[("cursor", Some(&next))])>"Next page"</a> }
    });
    view! {
        <div class="card-foot">
            <span>{format!("{} of {}", format::number(shown as u64), format::number(total))}</span>
            <span class="end row">{first}{next}</span>
        </div>
    }
    .into_any()
}
