//! What the limit ranges of a namespace give containers that leave something out, and what they forbid.

use leptos::prelude::*;
use shared::namespaces::{LimitRow, NamespaceDetail};

use crate::components::card::Card;
use crate::components::table::scroll;

/// The card; a sentence where nothing is given.
pub(super) fn limits(namespace: &NamespaceDetail) -> AnyView {
    let body = match (namespace.limits.as_slice(), namespace.row.limit_ranges) {
        ([], None) => view! { <p class="card-body muted">"Limit ranges were not read."</p> }.into_any(),
        ([], Some(_)) => {
            let text = "It has none: a container that states no limit gets none.";
            view! { <p class="card-body">{text}</p> }.into_any()
        }
        (limits, _) => table(limits),
    };
    view! { <Card id="limits" title="Limit ranges">{body}</Card> }.into_any()
}

fn table(limits: &[LimitRow]) -> AnyView {
    let rows: Vec<_> = limits.iter().map(row).collect();
    let table = view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"Of"</th>
                    <th scope="col" class="num"><abbr title="The request of whoever states none">"Request"</abbr></th>
                    <th scope="col" class="num"><abbr title="The limit of whoever states none">"Limit"</abbr></th>
                    <th scope="col" class="num">"Bounds"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll("Limit ranges table", table)
}

fn row(limit: &LimitRow) -> AnyView {
    let of = format!("{} {}", limit.of, limit.resource);
    let given = |text: &Option<String>| match text {
        Some(text) => text.clone().into_any(),
        None => view! { <span class="zero">"–"</span> }.into_any(),
    };
    view! {
        <tr title=format!("limit range {}", limit.name)>
            <td>{of}</td>
            <td class="num">{given(&limit.default_request)}</td>
            <td class="num">{given(&limit.default)}</td>
            <td class="num">{given(&bounds(limit))}</td>
        </tr>
    }
    .into_any()
}

/// `100m to 4`, `up to 4`, `from 100m`.
fn bounds(limit: &LimitRow) -> Option<String> {
    match (&limit.min, &limit.max) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (None, Some(max)) => Some(format!("up to {max}")),
        (Some(min), None) => Some(format!("from {min}")),
        (None, None) => None,
    }
}
