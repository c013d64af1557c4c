//! The overview: how deep the cluster sits, whether it is rising or sinking, and what to fix first.

mod areas;
mod first_run;
mod fixes;
mod hero;
mod movement;
mod sources;
mod window;

use leptos::prelude::*;
use shared::overview::{Overview, Size};
use shared::page::Stamped;

use self::window::Window;
use crate::api;
use crate::components::heading::PageHead;
use crate::components::link::link;
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::format;
use crate::here::{Here, use_here};
use crate::shell::use_frame;

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let param = here.watch("window");
    let window = move || Window::from_param(param.get().as_deref());
    let frame = use_frame();
    let meta = move || frame.overview.map(|overview| meta(here, overview));
    // The frame has read the overview with the window that is chosen at first.
    let body = move || match window() {
        Window::Week => shown(here, Window::Week, frame.overview),
        window => shown(here, window, compared_with(here, window)),
    };
    let was_read = Memo::new(move |_| frame.overview.map(|overview| overview.as_of.is_some()).unwrap_or(true));
    let choice = move || was_read.get().then(|| window::choice(here, window()));
    view! {
        <PageHead title="Overview" meta=meta actions=choice/>
        {body}
    }
    .into_any()
}

fn compared_with(here: Here, window: Window) -> Load<Stamped<Overview>> {
    load(move || api::overview::get(here.at(), Some(window.param())))
}

fn shown(here: Here, window: Window, overview: Load<Stamped<Overview>>) -> AnyView {
    let unread = Memo::new(move |_| overview.map(|overview| overview.as_of.is_none()).unwrap_or_default());
    let body = move || match unread.get() {
        true => first_run::first_run(here),
        false => loaded(overview, "overview", skeleton, move |overview| {
            whole(here, window, overview)
        }),
    };
    body.into_any()
}

fn whole(here: Here, window: Window, overview: &Stamped<Overview>) -> AnyView {
    let body = &overview.body;
    view! {
        {hero::hero(here, window, body)}
        <div class="grid">
            {fixes::fixes(here, body)}
            {movement::movement(here, window, body)}
            {areas::areas(here, window, body)}
            {sources::sources(here, overview)}
        </div>
    }
    .into_any()
}

fn meta(here: Here, overview: &Stamped<Overview>) -> AnyView {
    let Size {
        namespaces,
        workloads,
        pods,
        nodes,
    } = overview.body.size;
    if overview.as_of.is_none() {
        return ().into_any();
    }
    view! {
        {format::count(namespaces, "namespace", "namespaces")}", "
        {link(here, "", "/workloads", format::count(workloads, "workload", "workloads"))}", "
        {running(&overview.body, pods, nodes)}
    }
    .into_any()
}

/// Pods and nodes; either may be denied to the reader, and is then not known.
fn running(overview: &Overview, pods: u32, nodes: u32) -> String {
    let read = |resource: &str| {
        let mut kinds = overview.kinds.iter();
        kinds.all(|kind| kind.resource != resource || kind.outcome.is_known())
    };
    let pods_text = format::count(pods, "pod", "pods");
    let nodes_text = format::count(nodes, "node", "nodes");
    match (read("pods"), read("nodes")) {
        (true, true) => format!("{pods_text} on {nodes_text}"),
        (true, false) => format!("{pods_text}, nodes not read"),
        (false, true) => format!("pods not read, {nodes_text}"),
        (false, false) => "pods and nodes not read".into(),
    }
}

fn skeleton() -> AnyView {
    view! { {table_skeleton(6)}<div class="grid"><div class="c8">{table_skeleton(6)}</div><div class="c4">{table_skeleton(6)}</div></div> }
        .into_any()
}
