//! What somebody may do, place by place, in the shortest form.

use leptos::prelude::*;
use shared::rbac::{Permission, Permissions, WhatCan};

use super::chain::chains;
use super::doubts::{Doubts, INERT, doubts};
use super::rule::{target, verbs};
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::here::Here;

/// The permissions, and what is to be said besides.
pub(super) fn permissions(here: Here, what: &WhatCan) -> AnyView {
    let left_open = Doubts {
        partial: !what.complete,
        undecided: &what.undecided,
        dangling: &what.dangling,
        ..Default::default()
    };
    let root = what.is_root.then(|| {
        view! { <p class="card-body">"In the group "<code>"system:masters"</code>": may do everything, whatever the roles say."</p> }
    });
    let none = match (what.places.is_empty() && !what.is_root, what.complete) {
        (false, _) => None,
        (true, true) => Some("No rule grants anything."),
        (true, false) => Some("Nothing that was read grants anything."),
    };
    let none = none.map(|text| view! { <p class="card-body muted">{text}</p> });
    let list = (!what.places.is_empty()).then(|| places(here, "Permissions", &what.places));
    view! { {doubts(here, &left_open)}{root}{none}{list} }.into_any()
}

/// Permissions as a table, a group of rows for each place.
pub(super) fn places(here: Here, label: &str, places: &[Permissions]) -> AnyView {
    let rows = places.iter().flat_map(|place| {
        let head =
            view! { <tr class="group"><th scope="rowgroup" colspan="3">{place_words(&place.namespace)}</th></tr> };
        let rows = place.permissions.iter().map(move |permission| one(here, permission));
        std::iter::once(head.into_any()).chain(rows)
    });
    let heads = [("", "Verbs"), ("", "On"), ("", "Through")];
    table(label, "table roomy fits may stacked", &heads, rows.collect())
}

/// `In the whole cluster`, `In shop`.
fn place_words(namespace: &str) -> String {
    match namespace {
        "" => "In the whole cluster".into(),
        namespace => format!("In {namespace}"),
    }
}

fn one(here: Here, permission: &Permission) -> AnyView {
    let inert = permission
        .inert
        .then(|| view! { " "<span title=INERT>{tag(Tone::Warn, "never asked for")}</span> });
    let on = view! { {target(&permission.rule)}{inert} };
    row(
        "",
        vec![
            ("", verbs(&permission.rule)),
            ("", on.into_any()),
            ("", chains(here, &permission.grants)),
        ],
    )
}
