//! Findings on what the cluster itself runs on: folded away below the list, and fetched when they are asked for.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use shared::findings::FindingPage;
use shared::page::Stamped;

use super::{list, query};
use crate::api;
use crate::components::load::{Load, load_if, loaded, table_skeleton};
use crate::format;
use crate::here::Here;

/// Whether the section is open, and what stands in it then.
#[derive(Clone, Copy)]
pub(super) struct Fold {
    is_open: Memo<bool>,
    by_hand: RwSignal<Option<bool>>,
    /// What stands in it, once it was opened.
    pub(super) found: Load<Stamped<FindingPage>>,
}

impl Fold {
    /// Open where a person opened it, and where nothing else is listed.
    pub(super) fn new(here: Here, listed: Load<Stamped<FindingPage>>) -> Self {
        let by_hand = RwSignal::new(None);
        let is_alone = move || listed.map(|found| found.body.items.is_empty()).unwrap_or_default();
        let is_open = Memo::new(move |_| by_hand.get().unwrap_or_else(is_alone));
        let found = load_if(move || {
            let query = query::folded(query::query(here)).filter(|_| is_open.get())?;
            Some(api::findings::list(&query))
        });
        Self {
            is_open,
            by_hand,
            found,
        }
    }
}

/// How many findings are on components of the system, of those that the filters let through.
pub(super) fn count(page: &FindingPage) -> u64 {
    let values = page.facets.get("system").map(Vec::as_slice).unwrap_or_default();
    let of_system = values.iter().find(|value| value.value == "true");
    of_system.map_or(0, |value| value.count)
}

/// The section; nothing where there are none, or where the address asks for them.
pub(super) fn section(here: Here, open: Memo<Option<String>>, page: &FindingPage, fold: Fold) -> Option<AnyView> {
    let count = count(page);
    let is_asked_for = untrack(|| here.param("system")).is_some();
    (count > 0 && !is_asked_for).then(|| {
        let press = move |event: MouseEvent| {
            event.prevent_default();
            fold.by_hand.set(Some(!fold.is_open.get_untracked()));
        };
        let rows = move || fold.is_open.get().then(|| rows(here, open, fold));
        view! {
            <details class="card system" open=move || fold.is_open.get()>
                <summary on:click=press>
                    <b>{format!("System components ({})", format::number(count))}</b>
                    <span class="muted small">"what the cluster itself runs on, which often needs what it has"</span>
                </summary>
                {rows}
            </details>
        }
        .into_any()
    })
}

fn rows(here: Here, open: Memo<Option<String>>, fold: Fold) -> AnyView {
    let shape = || table_skeleton(6);
    loaded(fold.found, "findings", shape, move |found: &Stamped<FindingPage>| {
        let shown = format::number(found.body.items.len() as u64);
        let alone = here.with(&[("system", Some("true")), ("cursor", None)]);
        view! {
            {list::table(here, open, found, "Findings on system components")}
            <div class="card-foot">
                <span>{format!("{shown} of {}", format::number(found.body.total))}</span>
                <span class="end row"><a class="btn small" href=alone>"List them alone"</a></span>
            </div>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use shared::findings::FacetValue;

    use super::*;

    #[test]
    fn what_is_folded_is_counted_by_the_facet() {
        let value = |value: &str, count| FacetValue {
            value: value.into(),
            count,
        };
        let mut page = FindingPage::default();
        assert_eq!(count(&page), 0);
        page.facets = [("system".to_owned(), vec![value("false", 9), value("true", 3)])].into();
        assert_eq!(count(&page), 3);
    }
}
