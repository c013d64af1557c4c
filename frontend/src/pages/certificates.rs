//! Certificates: when each ends, where it stands, and what can't be seen of them.

mod list;
mod meshes;
mod probes;
mod serving;
mod strip;

use leptos::prelude::*;
use shared::certificates::{Calendar, CertificateQuery, PATH};
use shared::page::Stamped;

use crate::api;
use crate::api::client::with_query;
use crate::components::card::Card;
use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::format;
use crate::here::{Here, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let found = load(move || api::certificates::list(&query(here)));
    let meta = move || found.map(|found| found.as_of.is_some().then(|| told(&found.body)));
    let export = move || {
        let to = with_query(
            &format!("{PATH}/export.csv"),
            &serde_json::to_value(query(here)).unwrap_or_default(),
        );
        view! { <a class="btn" href=to download="certificates.csv">{icon(Icon::Download)}"CSV"</a> }
    };
    let month = here.watch("ends");
    let shape = || table_skeleton(12);
    let shown = move |found: &Stamped<Calendar>| body(here, month.get().as_deref(), found);
    view! {
        <PageHead title="Certificates" meta=meta actions=export/>
        {loaded(found, "certificates", shape, shown)}
    }
    .into_any()
}

fn query(here: Here) -> CertificateQuery {
    let at = here.at();
    CertificateQuery {
        cluster: at.cluster,
        at: at.at,
    }
}

fn told(calendar: &Calendar) -> String {
    let all = format::count(calendar.rows.len() as u64, "certificate", "certificates");
    match calendar.rows.iter().filter(|row| row.not_after.is_none()).count() {
        0 => all,
        undated => format!("{all}, {undated} of which no end can be seen"),
    }
}

fn body(here: Here, month: Option<&str>, found: &Stamped<Calendar>) -> AnyView {
    let Some(as_of) = &found.as_of else {
        let text = "Certificates stand here after the first snapshot.";
        return empty(
            "The cluster was not read yet",
            text,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    };
    let (calendar, now) = (&found.body, as_of.taken_at);
    view! {
        {strip::strip(here, month, &calendar.rows, now)}
        <div class="grid">
            <div class="stack c8">
                {list::list(here, month, &calendar.rows, now)}
                {probes::kubelets(here, calendar.kubelets.as_deref())}
            </div>
            <div class="stack c4">
                {serving::serving(calendar.serving.as_ref(), now)}
                {probes::endpoints(&calendar.endpoints)}
                {meshes::meshes(here, &calendar.meshes)}
                {unread(&calendar.unread)}
            </div>
        </div>
    }
    .into_any()
}

/// What may hold more, and was not read.
fn unread(sentences: &[String]) -> AnyView {
    let items: Vec<_> = sentences
        .iter()
        .map(|text| view! { <li class="note warn">{icon(Icon::Alert)}<span>{text.clone()}</span></li> })
        .collect();
    let told = match items.is_empty() {
        true => view! { <p class="muted">"All kinds were read that hold certificates or name them."</p> }.into_any(),
        false => view! { <ul class="stack tight-gap">{items}</ul> }.into_any(),
    };
    let rest = "What Secrets hold is never read.";
    view! {
        <Card id="unread" title="What is not seen">
            <div class="card-body stack tight-gap">{told}<p class="muted">{rest}</p></div>
        </Card>
    }
    .into_any()
}
