//! Admission: what happens to a pod on its way in, and who is there to say no.

mod chooser;
mod guards;
mod namespaces;
mod sidecars;
mod step;
mod way_in;

use leptos::prelude::*;
use shared::admission::{Admission, AdmissionQuery, OnFailure};
use shared::page::Stamped;
use shared::pod_security::PodSecurityQuery;

use crate::api;
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
    let found = load(move || api::admission::get(&query(here)));
    let levels = load(move || {
        let at = here.at();
        api::pod_security::list(&PodSecurityQuery {
            cluster: at.cluster,
            at: at.at,
            ..PodSecurityQuery::default()
        })
    });
    let meta = move || found.map(|found| found.as_of.is_some().then(|| told(&found.body)));
    let shape = || table_skeleton(12);
    view! {
        <PageHead title="Admission" meta=meta/>
        {chooser::chooser(here, levels)}
        {loaded(found, "admission", shape, move |found| body(here, found))}
        {namespaces::namespaces(here, levels)}
    }
    .into_any()
}

/// What the address asks for; labels say nothing without the namespace that the pod comes into.
fn query(here: Here) -> AdmissionQuery {
    let (at, namespace) = (here.at(), here.param("namespace"));
    AdmissionQuery {
        cluster: at.cluster,
        at: at.at,
        labels: here.param("labels").filter(|_| namespace.is_some()),
        namespace,
    }
}

/// `11 steps, 4 of them webhooks; 2 let a pod pass when they fail`.
fn told(admission: &Admission) -> String {
    let steps = &admission.steps;
    let webhooks = steps.iter().filter(|step| step.call.is_some()).count();
    let open = steps
        .iter()
        .filter(|step| step.on_failure == Some(OnFailure::Pass))
        .count();
    let steps = format::count(steps.len() as u64, "step", "steps");
    let passes = match open {
        0 => "none of them lets a pod pass when it fails".to_owned(),
        1 => "1 lets a pod pass when it fails".to_owned(),
        open => format!("{open} let a pod pass when they fail"),
    };
    format!(
        "{steps}, {}; {passes}",
        format::count(webhooks as u64, "webhook", "webhooks")
    )
}

fn body(here: Here, found: &Stamped<Admission>) -> AnyView {
    if found.as_of.is_none() {
        let text = "What happens to a pod stands here after the first snapshot.";
        return empty(
            "The cluster was not read yet",
            text,
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    }
    let admission = &found.body;
    view! {
        {unread(&admission.unread)}
        <div class="grid">
            <div class="stack c8">{way_in::way_in(here, &admission.steps)}</div>
            <div class="stack c4">
                {guards::engines(here, &admission.engines)}
                {guards::image_verification(&admission.image_verification)}
                {sidecars::sidecars(here, &admission.injections)}
            </div>
        </div>
    }
    .into_any()
}

/// What may be missing, since it was not read.
fn unread(sentences: &[String]) -> Option<AnyView> {
    let text = sentences.join(" ");
    let note =
        view! { <div class="note warn">{icon(Icon::Alert)}<p>"There may be more than is shown. "{text}</p></div> };
    (!sentences.is_empty()).then(|| note.into_any())
}
