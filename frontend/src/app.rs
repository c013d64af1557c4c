//! The pages and their addresses.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;
use wasm_bindgen::JsCast;

use crate::components::ago::provide_now;
use crate::components::icon::sprite;
use crate::components::toast::{provide_toasts, toaster};
use crate::here::{Here, encode, provide_here};
use crate::pages::{
    check, checks, findings, not_found, overview, settings, signin, snapshot, snapshots, workload, workloads,
};
use crate::{api, shell};

/// Puts the page in the place of the boot skeleton.
pub(crate) fn start() {
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    root.set_inner_html("");
    mount_to(root.unchecked_into(), || view! { <Router><App/></Router> }).forget();
}

/// One line per page.
#[component]
fn App() -> impl IntoView {
    let here = provide_here();
    provide_now();
    let toasts = provide_toasts();
    api::client::on_signed_out(move || ask_to_sign_in(here));
    view! {
        {sprite()}
        <Routes fallback=not_found::page>
            <Route path=path!("/sign-in") view=signin::page/>
            <Route path=path!("/sign-in/link") view=signin::link_page/>
            <ParentRoute path=path!("") view=shell::Shell>
                <Route path=path!("/") view=overview::page/>
                <Route path=path!("/findings") view=findings::page/>
                <Route path=path!("/workloads") view=workloads::page/>
                <Route path=path!("/workloads/:kind/:namespace/:name") view=workload::page/>
                <Route path=path!("/checks") view=checks::page/>
                <Route path=path!("/checks/:id") view=check::page/>
                <Route path=path!("/snapshots") view=snapshots::page/>
                <Route path=path!("/snapshots/:id") view=snapshot::page/>
                <Route path=path!("/settings") view=settings::page/>
                <Route path=path!("/*any") view=not_found::page/>
            </ParentRoute>
        </Routes>
        {toaster(toasts)}
    }
}

/// Leads to the sign-in page, and from there back to where the reader is. Several requests may find out at once.
fn ask_to_sign_in(here: Here) {
    let address = untrack(|| here.with(&[]));
    if !address.starts_with("/sign-in") {
        here.replace(&format!("/sign-in?next={}", encode(&address)));
    }
}
