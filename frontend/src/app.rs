//! The pages and their addresses.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{PossibleRouteMatch, path};
use wasm_bindgen::JsCast;

use crate::chunks::Loaded;
use crate::components::ago::provide_now;
use crate::components::icon::sprite;
use crate::components::toast::{provide_toasts, toaster};
use crate::here::{Here, encode, provide_here};
use crate::lazy::{Draw, lazy};
use crate::pages::{not_found, overview, signin};
use crate::{api, chunks, shell};

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
            <Route path=at(path!("/sign-in")) view=shown(signin::page)/>
            <Route path=at(path!("/sign-in/link")) view=shown(signin::link_page)/>
            <ParentRoute path=path!("") view=shell::Shell>
                <Route path=at(path!("/")) view=shown(overview::page)/>
                <Route path=at(path!("/findings")) view=lazily(chunks::findings)/>
                <Route path=at(path!("/access")) view=lazily(chunks::access)/>
                <Route path=at(path!("/access/changes")) view=lazily(chunks::access_changes)/>
                <Route path=at(path!("/access/escalations")) view=lazily(chunks::escalations)/>
                <Route path=at(path!("/access/subjects/:kind/:namespace/:name")) view=lazily(chunks::subject)/>
                <Route path=at(path!("/access/roles/:kind/:namespace/:name")) view=lazily(chunks::role)/>
                <Route path=at(path!("/network")) view=lazily(chunks::network)/>
                <Route path=at(path!("/network/what-if")) view=lazily(chunks::what_if)/>
                <Route path=at(path!("/workloads")) view=lazily(chunks::workloads)/>
                <Route path=at(path!("/workloads/:kind/:namespace/:name")) view=lazily(chunks::workload)/>
                <Route path=at(path!("/admission")) view=lazily(chunks::admission)/>
                <Route path=at(path!("/certificates")) view=lazily(chunks::certificates)/>
                <Route path=at(path!("/namespaces")) view=lazily(chunks::namespaces)/>
                <Route path=at(path!("/namespaces/:name")) view=lazily(chunks::namespace)/>
                <Route path=at(path!("/quotas")) view=lazily(chunks::quotas)/>
                <Route path=at(path!("/compliance")) view=lazily(chunks::compliance)/>
                <Route path=at(path!("/compliance/:framework/:control")) view=lazily(chunks::control)/>
                <Route path=at(path!("/checks")) view=lazily(chunks::checks)/>
                <Route path=at(path!("/checks/:id")) view=lazily(chunks::check)/>
                <Route path=at(path!("/snapshots")) view=lazily(chunks::snapshots)/>
                <Route path=at(path!("/snapshots/:id")) view=lazily(chunks::snapshot)/>
                <Route path=at(path!("/settings")) view=lazily(chunks::settings)/>
                <Route path=at(path!("/*any")) view=shown(not_found::page)/>
            </ParentRoute>
        </Routes>
        {toaster(toasts)}
    }
}

/// A path as one type for all routes, so that what the router does with a route is compiled once, and not for each.
fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> Arc<dyn PossibleRouteMatch + Send + Sync> {
    Arc::new(path)
}

/// A page whose code is there.
fn shown(page: fn() -> AnyView) -> impl Fn() -> AnyView + Clone + Send {
    drawn(Arc::new(page))
}

/// A page whose code is loaded when the page is entered.
fn lazily<F>(code: fn() -> F) -> impl Fn() -> AnyView + Clone + Send
where
    F: Future<Output = Loaded> + 'static,
{
    drawn(lazy(code))
}

/// A page as one type for all routes, however it comes.
fn drawn(page: Draw) -> impl Fn() -> AnyView + Clone + Send {
    move || page()
}

/// Leads to the sign-in page, and from there back to where the reader is. Several requests may find out at once.
fn ask_to_sign_in(here: Here) {
    let address = untrack(|| here.with(&[]));
    if !address.starts_with("/sign-in") {
        here.replace(&format!("/sign-in?next={}", encode(&address)));
    }
}
