//! The list as a file: the same filters and order.

use leptos::prelude::*;
use shared::findings::{FindingQuery, PATH};

use crate::api::client::with_query;
use crate::components::icon::{Icon, icon};
use crate::components::menu::Menu;
use crate::format;

/// The button and the formats that it offers.
pub(super) fn export(query: &FindingQuery, total: Option<u64>) -> AnyView {
    let total = format::count(total.unwrap_or_default(), "finding", "findings");
    let formats = [("CSV", "csv"), ("JSON", "json")].map(|(name, ending)| (name, ending, address(query, ending)));
    let one = move |(name, ending, to): (&'static str, &'static str, String)| {
        view! { <li><a href=to download=format!("findings.{ending}")>{name}<small>{total.clone()}</small></a></li> }
    };
    view! {
        <Menu button=view! { {icon(Icon::Download)}"Export" }.into_any() class="btn" label="Export">
            <ul>{formats.clone().map(&one).collect_view()}</ul>
        </Menu>
    }
    .into_any()
}

/// The address of the list as a file, from its first row on.
fn address(query: &FindingQuery, ending: &str) -> String {
    let query = FindingQuery {
        cursor: None,
        limit: None,
        ..query.clone()
    };
    with_query(
        &format!("{PATH}/export.{ending}"),
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
        assert_eq!(address(&query, "csv"), "/api/v1/findings/export.csv?area=rbac");
    }
}
