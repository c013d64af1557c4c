//! Administrative actions: who did what to users and tokens.

use leptos::prelude::*;
use shared::audit::{Act, AuditQuery};
use shared::page::Page;

use crate::api;
use crate::components::ago::when;
use crate::components::empty::empty;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::pager::pager;
use crate::components::table::scroll;
use crate::here::{Here, use_here};

/// This part of the page.
pub(super) fn part() -> AnyView {
    let here = use_here();
    let acts = load(move || {
        api::audit::list(&AuditQuery {
            cursor: here.param("cursor"),
            limit: None,
        })
    });
    loaded(
        acts,
        "administrative actions",
        || table_skeleton(8),
        move |page| list(here, page.clone()),
    )
    .into_any()
}

fn list(here: Here, page: Page<Act>) -> AnyView {
    if page.items.is_empty() {
        let text = "What administrators do to users and tokens is listed here.";
        return empty("No administrative actions", text, ());
    }
    let shown = page.items.len();
    let table = view! {
        <table class="table roomy">
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Who"</th>
                    <th scope="col">"What"</th>
                    <th scope="col">"To whom or what"</th>
                </tr>
            </thead>
            <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    view! {
        <section class="card" aria-label="Administrative actions">
            {scroll("Administrative actions table", table)}
            {pager(here, shown, page.total, page.next)}
        </section>
    }
    .into_any()
}

fn row(act: Act) -> AnyView {
    view! {
        <tr>
            <th scope="row">{when(act.at)}</th>
            <td>{act.actor}</td>
            <td>{act.action}</td>
            <td>{act.subject}</td>
        </tr>
    }
    .into_any()
}
