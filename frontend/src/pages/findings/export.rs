//! The list as a file: the same filters and order.

use leptos::prelude::*;
use shared::findings::{FindingQuery, PATH};
use shared::page::MAX_LIMIT;

use crate::api::client::with_query;
use crate::components::icon::{Icon, icon};
use crate::components::menu::Menu;
use crate::format;

/// The button and the formats that it offers.
pub(super) fn export(query: &FindingQuery, total: Option<u64>) -> AnyView {
    let total = total.unwrap_or_default();
    let whole = format::count(total, "finding", "findings");
    let page = match total > u64::from(MAX_LIMIT) {
        true => format!("the first {MAX_LIMIT}, as the API answers"),
        false => "as the API answers".into(),
    };
    let formats = [
        ("CSV", whole, "findings.csv", address(query, "/export.csv", None)),
        ("JSON", page, "findings.json", address(query, "", Some(MAX_LIMIT))),
    ];
    let one = |(name, what, file, to): (&'static str, String, &'static str, String)| {
        view! { <li><a href=to download=file>{name}<small>{what}</small></a></li> }
    };
    view! {
        <Menu button=view! { {icon(Icon::Download)}"Export" }.into_any() class="btn" label="Export">
            <ul>{formats.clone().map(one).collect_view()}</ul>
        </Menu>
    }
    .into_any()
}

/// The address of the list as a file, from its first row on.
fn address(query: &FindingQuery, below: &str, limit: Option<u32>) -> String {
    let query = FindingQuery {
        cursor: None,
        limit,
        ..query.clone()
    };
    with_query(
        &format!("{PATH}{below}"),
        &serde_json::to_value(&query).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_keeps_the_filters_and_starts_at_the_first_row() {
        let query = FindingQuery {
            area: Some("rbac".into()),
            cursor: Some("x".into()),
            ..Default::default()
        };
        assert_eq!(
            address(&query, "/export.csv", None),
            "/api/v1/findings/export.csv?area=rbac"
        );
    }
}
