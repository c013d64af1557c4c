//! The side panel of one finding. Its order is fixed: what is wrong, the witness, why it matters, since when,
//! the patch, what to do, frameworks, history.

mod patch;
mod policies;
mod told;
mod witness;

use leptos::html;
use leptos::prelude::*;
use shared::findings::{FindingDetail, Status};
use shared::page::Stamped;

use crate::api;
use crate::components::ago::{age, when};
use crate::components::icon::{Icon, icon_small};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::severity::severity;
use crate::components::tag::{Tone, tag};
use crate::dom::find;
use crate::here::Here;

/// The panel of the finding that is open; `before` and `after` stand beside it in the list.
pub(super) fn panel(here: Here, open: Memo<Option<String>>, [before, after]: [Memo<Option<String>>; 2]) -> AnyView {
    // While the panel closes, it keeps what it shows.
    let id = Memo::new(move |last: Option<&String>| open.get().or_else(|| last.cloned()).unwrap_or_default());
    let detail = load(move || {
        let (id, at) = (id.get(), here.at());
        api::findings::get(&id, at)
    });
    let aside = NodeRef::<html::Aside>::new();
    take_focus(aside);
    view! {
        <aside class="drawer" tabindex="-1" aria-label="Finding" node_ref=aside>
            <header>
                <div class="drawer-bar">
                    <span class="mono muted small">{id}</span>
                    <span class="end">
                        {move || step(here, "Previous finding (k)", Icon::Left, before.get())}
                        {move || step(here, "Next finding (j)", Icon::Right, after.get())}
                        {close(here)}
                    </span>
                </div>
                {move || detail.map(|detail| head(here, &detail.body))}
            </header>
            {loaded(detail, "finding", || table_skeleton(5), move |detail| body(here, detail))}
        </aside>
    }
    .into_any()
}

fn step(here: Here, label: &'static str, glyph: Icon, to: Option<String>) -> AnyView {
    let class = "btn quiet small icon-only";
    match to {
        Some(to) => {
            let href = move || here.with(&[("open", Some(&to))]);
            view! { <a class=class data-noscroll aria-label=label title=label href=href>{icon_small(glyph)}</a> }.into_any()
        }
        None => {
            view! { <button type="button" class=class aria-label=label title=label disabled>{icon_small(glyph)}</button> }
                .into_any()
        }
    }
}

fn close(here: Here) -> AnyView {
    let press = move |_| {
        if let Some(row) = find("main [data-row][aria-current]") {
            _ = row.focus();
        }
        here.set(&[("open", None)]);
    };
    view! {
        <button
            type="button"
            class="btn quiet small icon-only"
            data-close
            aria-label="Close (esc)"
            title="Close (esc)"
            on:click=press
        >
            {icon_small(Icon::X)}
        </button>
    }
    .into_any()
}

/// Whoever opened the panel from its row goes on reading in it.
fn take_focus(aside: NodeRef<html::Aside>) {
    request_animation_frame(move || {
        let from_row = document()
            .active_element()
            .is_some_and(|element| element.has_attribute("data-row"));
        if let (true, Some(aside)) = (from_row, aside.try_get_untracked().flatten()) {
            _ = aside.focus();
        }
    });
}

fn head(here: Here, finding: &FindingDetail) -> AnyView {
    let row = &finding.row;
    let standing = match row.status {
        Status::Open => view! { <span>"Open "<b>{age(row.since)}</b></span> }.into_any(),
        Status::Fixed => tag(Tone::Ok, view! { {icon_small(Icon::Check)}"Fixed "{when(row.since)} }),
    };
    view! {
        <h2>{row.title.clone()}</h2>
        <p class="drawer-meta">
            {severity(row.severity)}
            {link(here, "", format!("/findings?area={}", row.area.as_str()), row.area.title())}
            {link(here, "mono", format!("/checks/{}", row.check), row.check.clone())}
            {standing}
        </p>
    }
    .into_any()
}

fn body(here: Here, detail: &Stamped<FindingDetail>) -> AnyView {
    let finding = &detail.body;
    let info = &finding.check_info;
    let expected = finding.row.expected.clone();
    let expected = expected.map(|why| view! { <section><h3>"Why it is there"</h3><p>{why}</p></section> });
    view! {
        <div class="drawer-body">
            <section><h3>"What is wrong"</h3><p>{finding.message.clone()}{finding.pods.and_then(told::pods)}</p></section>
            {witness::witness(here, finding)}
            {expected}
            <section><h3>"Why it matters"</h3><p>{info.rationale.clone()}</p></section>
            {told::since(finding, detail.as_of.as_ref())}
            {finding.origin.as_ref().map(told::origin)}
            {patch::patch(finding)}
            {policies::policies(here, finding)}
            <section><h3>"What to do"</h3><p>{info.remediation.clone()}</p></section>
            {told::frameworks(info)}
            {told::history(&finding.history)}
        </div>
    }
    .into_any()
}
