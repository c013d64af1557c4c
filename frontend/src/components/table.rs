//! Tables: a named container that scrolls, and heads that sort.

use leptos::prelude::*;

use super::icon::{Icon, icon_small};
use crate::here::Here;

/// A container that scrolls by itself, and by keyboard; `label` names it.
pub(crate) fn scroll(label: impl Into<String>, table: impl IntoView) -> AnyView {
    scrolling(label.into(), table.into_any())
}

fn scrolling(label: String, table: AnyView) -> AnyView {
    view! { <div class="table-wrap" tabindex="0" role="region" aria-label=label>{table}</div> }.into_any()
}

/// A table in its container. `heads` are the class and the words of each column; `class` is the table's own.
pub(crate) fn table(
    label: &str,
    class: &'static str,
    heads: &[(&'static str, &'static str)],
    rows: Vec<AnyView>,
) -> AnyView {
    let heads: Vec<_> = heads
        .iter()
        .map(|&(class, words)| view! { <th scope="col" class=class>{words}</th> })
        .collect();
    let table = view! {
        <table class=class>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scroll(format!("{label} table"), table)
}

/// A row of a class: the class and the content of each cell.
pub(crate) fn row(class: &'static str, cells: Vec<(&'static str, AnyView)>) -> AnyView {
    let cells: Vec<_> = cells
        .into_iter()
        .map(|(class, cell)| view! { <td class=class>{cell}</td> })
        .collect();
    view! { <tr class=class>{cells}</tr> }.into_any()
}

/// A column that can be sorted by.
#[derive(Clone, Copy)]
pub(crate) struct Sortable {
    /// Its words.
    pub(crate) label: &'static str,
    /// Its name in the `sort` parameter.
    pub(crate) key: &'static str,
    /// Whether its own order runs from the most to the least.
    pub(crate) most_first: bool,
    /// Whether the list is sorted by it where the address says nothing.
    pub(crate) default: bool,
    /// The class of the head.
    pub(crate) class: &'static str,
}

/// The head of a sortable column; pressed again, it turns the order round.
pub(crate) fn sort_head(here: Here, column: Sortable) -> AnyView {
    let turned = move || turned(here.param("sort").as_deref(), column);
    let order = move || {
        turned().map(|turned| {
            if turned == column.most_first {
                "ascending"
            } else {
                "descending"
            }
        })
    };
    let arrow = move || {
        order().map(|order| {
            icon_small(if order == "ascending" {
                Icon::ArrowUp
            } else {
                Icon::ArrowDown
            })
        })
    };
    let press = move |_| {
        let back = format!("-{}", column.key);
        let sort = if untrack(turned) == Some(false) {
            back.as_str()
        } else {
            column.key
        };
        here.set(&[("sort", Some(sort)), ("cursor", None)]);
    };
    view! {
        <th scope="col" class=column.class aria-sort=order>
            <button type="button" on:click=press>{column.label}{arrow}</button>
        </th>
    }
    .into_any()
}

/// Whether the list is sorted by the column, and if so, whether against its own order.
fn turned(sort: Option<&str>, column: Sortable) -> Option<bool> {
    match sort {
        None => column.default.then_some(false),
        Some(sort) if sort == column.key => Some(false),
        Some(sort) => (sort.strip_prefix('-') == Some(column.key)).then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_column_in_the_address_is_sorted() {
        let column = Sortable {
            label: "Open",
            key: "since",
            most_first: true,
            default: true,
            class: "",
        };
        assert_eq!(turned(None, column), Some(false));
        assert_eq!(turned(Some("-since"), column), Some(true));
        assert_eq!(turned(Some("title"), column), None);
    }
}
