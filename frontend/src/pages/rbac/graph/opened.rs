//! The groups of the graph that are open: a list in the address.

use leptos::prelude::*;

use crate::components::icon::{Icon, icon_small};
use crate::here::Here;

/// Opens a group.
pub(super) fn open(here: Here, id: &str) {
    let list = untrack(|| here.param("open")).unwrap_or_default();
    here.set(&[("open", Some(&with(&list, id)))]);
}

/// A chip for each group that is open; taking it off closes the group.
pub(super) fn chips(here: Here) -> AnyView {
    let list = here.param("open").unwrap_or_default();
    let ids: Vec<String> = list.split(',').filter(|id| !id.is_empty()).map(Into::into).collect();
    let chip = |id: String| {
        let (label, without) = (format!("Close {id}"), without(&list, &id));
        let close = move |_| here.set(&[("open", Some(&without))]);
        view! {
            <span class="chip">
                <span>"open"</span>
                <b>{id}</b>
                <button type="button" aria-label=label on:click=close>{icon_small(Icon::X)}</button>
            </span>
        }
    };
    ids.into_iter().map(chip).collect_view().into_any()
}

fn with(list: &str, id: &str) -> String {
    if list.is_empty() {
        id.to_owned()
    } else {
        format!("{list},{id}")
    }
}

/// Whoever closes a group closes what is in it.
fn without(list: &str, id: &str) -> String {
    let inside = format!("{id}/");
    list.split(',')
        .filter(|open| *open != id && !open.starts_with(&inside))
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_a_group_closes_what_is_in_it() {
        let list = with(&with("RoleBinding", "Role"), "RoleBinding/shop");
        assert_eq!(list, "RoleBinding,Role,RoleBinding/shop");
        assert_eq!(without(&list, "RoleBinding"), "Role");
        assert_eq!(without("RoleBinding", "RoleBinding"), "");
    }
}
