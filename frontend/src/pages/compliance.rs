//! Compliance: frameworks side by side, and the controls of one with their evidence.

mod cards;
pub(crate) mod control;
mod list;
mod parts;
mod reports;

use leptos::prelude::*;
use shared::compliance::PATH;
use shared::compliance::query::ComplianceQuery;

use crate::api;
use crate::api::client::with_query;
use crate::components::heading::PageHead;
use crate::components::icon::{Icon, icon};
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::menu::Menu;
use crate::here::{Here, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let frameworks = load(move || api::frameworks::list(here.at()));
    let compliance = load(move || api::compliance::get(&query(here)));
    let chosen = Memo::new(move |_| {
        let first = || frameworks.map(|list| list.body.items.first().map(|first| first.id.clone()));
        here.param("framework").or_else(|| first().flatten())
    });
    let meta = "What the API can not show is manual or not evaluated, never a pass.";
    view! {
        <PageHead title="Compliance" meta=move || meta actions=move || export(here)/>
        {loaded(frameworks, "frameworks", || table_skeleton(2), move |frameworks| cards::cards(here, &frameworks.body.items, chosen.get().as_deref()))}
        <div class="grid">
            <div class="c8">
                {loaded(compliance, "controls", || table_skeleton(12), move |compliance| list::list(here, compliance))}
            </div>
            <div class="stack c4">{reports::card(here, chosen)}</div>
        </div>
    }
    .into_any()
}

fn query(here: Here) -> ComplianceQuery {
    let at = here.at();
    ComplianceQuery {
        cluster: at.cluster,
        at: at.at,
        framework: here.param("framework"),
        control: None,
    }
}

/// The controls as a file.
fn export(here: Here) -> AnyView {
    let formats = [
        ("CSV", "csv", "one row for each control"),
        ("JSON", "json", "everything"),
    ];
    let one = move |(name, ending, what): (&'static str, &'static str, &'static str)| {
        let to = move || with_query(&format!("{PATH}/export.{ending}"), &query(here));
        view! { <li><a href=to download>{name}<small>{what}</small></a></li> }
    };
    view! {
        <Menu button=view! { {icon(Icon::Download)}"Export" }.into_any() class="btn" label="Export">
            <ul>{formats.map(one).collect_view()}</ul>
        </Menu>
    }
    .into_any()
}
