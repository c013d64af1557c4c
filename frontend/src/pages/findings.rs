//! Findings: filters at the left, the list, and the panel of the one that is open. All of it is in the address.

mod export;
mod facets;
mod filters;
mod list;
mod query;
mod system;

use leptos::prelude::*;
use shared::findings::{FindingPage, Status};
use shared::page::Stamped;

use self::system::Fold;
use super::finding;
use crate::api;
use crate::components::heading::PageHead;
use crate::components::load::{load, loaded, table_skeleton};
use crate::format;
use crate::here::use_here;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let query = move || query::query(here);
    let found = load(move || api::findings::list(&query::listed(query())));
    let fold = Fold::new(here, found);
    let open = here.watch("open");
    let is_open = Memo::new(move |_| open.get().is_some());
    let neighbours = [-1, 1].map(|by| {
        Memo::new(move |_| {
            let ids = |found: &Stamped<FindingPage>| found.body.items.iter().map(|row| row.id.0.clone()).collect();
            let mut listed: Vec<String> = found.map(ids).unwrap_or_default();
            listed.extend(fold.found.map(ids).unwrap_or_default());
            beside(&listed, open.get().as_deref(), by)
        })
    });
    let folded = move |found: &Stamped<FindingPage>| match query().system {
        None => system::count(&found.body),
        Some(_) => 0,
    };
    let total = move || found.map(|found| found.body.total + folded(found));
    // Before the first snapshot there is nothing to count, to filter or to export.
    let was_read = Memo::new(move |_| found.map(|found| found.as_of.is_some()).unwrap_or(true));
    let meta = move || {
        let status = query().status;
        found.map(|found| {
            was_read
                .get()
                .then(|| meta(&found.body, folded(found), status.as_deref()))
        })
    };
    let export = move || was_read.get().then(|| export::export(&query(), total()));
    let facets = move || found.map(|found| was_read.get().then(|| facets::facets(here, &found.body)));
    let list = move |found: &Stamped<FindingPage>| list::list(here, open, found, fold);
    view! {
        <PageHead title="Findings" meta=meta actions=export/>
        {filters::filters(here)}
        <div class=move || columns(was_read.get(), is_open.get())>
            <section class="facets" aria-label="Facets">{facets}</section>
            {loaded(found, "findings", || table_skeleton(14), list)}
            {move || is_open.get().then(|| finding::panel(here, open, neighbours))}
        </div>
    }
    .into_any()
}

/// The facets, the list and the panel stand side by side, as far as they are there.
fn columns(was_read: bool, is_open: bool) -> &'static str {
    match (was_read, is_open) {
        (false, _) => "stack",
        (true, true) => "workbench",
        (true, false) => "workbench alone",
    }
}

/// `70 of 444 open, on 51 objects, and 12 on system components`.
fn meta(page: &FindingPage, folded: u64, status: Option<&str>) -> String {
    let total = format::number(page.total);
    let of = match status {
        None | Some("open") => format!("{total} of {} open", format::number(page.open)),
        Some(status) if status == Status::Fixed.as_str() => format!("{total} fixed"),
        Some(_) => format!("{total} open and fixed"),
    };
    let folded = match folded {
        0 => String::new(),
        folded => format!(", and {} on system components", format::number(folded)),
    };
    format!("{of}, on {}{folded}", format::count(page.objects, "object", "objects"))
}

/// The finding that stands `by` rows below the one that is open.
fn beside(listed: &[String], open: Option<&str>, by: isize) -> Option<String> {
    let at = listed.iter().position(|id| Some(id.as_str()) == open)?;
    listed.get(at.checked_add_signed(by)?).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(total: u64) -> FindingPage {
        FindingPage {
            items: Vec::new(),
            total,
            objects: 51,
            open: 444,
            next: None,
            facets: Default::default(),
        }
    }

    #[test]
    fn the_meta_line_says_of_what_it_counts() {
        assert_eq!(meta(&page(70), 0, None), "70 of 444 open, on 51 objects");
        assert_eq!(meta(&page(58), 0, Some("fixed")), "58 fixed, on 51 objects");
        assert_eq!(
            meta(&page(502), 12, Some("open,fixed")),
            "502 open and fixed, on 51 objects, and 12 on system components"
        );
    }

    #[test]
    fn nothing_is_beside_a_finding_that_is_not_listed() {
        let listed = ["f-2".to_owned(), "f-3".to_owned()];
        assert_eq!([-1, 1].map(|by| beside(&listed, Some("f-1"), by)), [None, None]);
        assert_eq!(beside(&listed, Some("f-2"), 1).as_deref(), Some("f-3"));
    }
}
