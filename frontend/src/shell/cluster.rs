//! The choice of a cluster.

use leptos::prelude::*;
use shared::clusters::{Cluster, Source};
use shared::ids::ClusterId;

use super::Frame;
use crate::components::icon::{Icon, icon, icon_small};
use crate::components::menu::Menu;
use crate::here::Here;

/// The button that names the cluster, and the list that it opens.
pub(super) fn picker(here: Here, frame: Frame) -> AnyView {
    let name = move || match (current(here, frame), frame.clusters.error()) {
        (Some(cluster), _) => cluster.name,
        (None, None) if frame.clusters.get().is_none() => String::new(),
        (None, None) => "No cluster yet".into(),
        (None, Some(_)) => "Not known".into(),
    };
    let button = view! {
        {icon(Icon::Cluster)}
        <span class="name"><span class="sr">"Cluster "</span>{name}</span>
        <small class="wide">{move || current(here, frame).map(|cluster| release(&cluster))}</small>
        {icon_small(Icon::Down)}
    };
    view! {
        <Menu button=button.into_any() class="picker" label="Clusters">
            <ul>{move || frame.clusters.get().map(|all| list(here, frame, all))}</ul>
        </Menu>
    }
    .into_any()
}

fn list(here: Here, frame: Frame, all: Vec<Cluster>) -> AnyView {
    let item = move |cluster: Cluster| {
        let id = cluster.id;
        let shown = move || current(here, frame).is_some_and(|current| current.id == id);
        view! {
            <li>
                <a href=move || at_cluster(here, id) aria-current=move || shown().then_some("true")>
                    <span>{cluster.name.clone()}</span>
                    <small>{release(&cluster)}</small>
                </a>
            </li>
        }
    };
    all.into_iter().map(item).collect_view().into_any()
}

/// This page for another cluster; what is open and where a list stands belong to the one before.
fn at_cluster(here: Here, id: ClusterId) -> String {
    here.with(&[("cluster", Some(&id.to_string())), ("open", None), ("cursor", None)])
}

/// The cluster looked at: as the address says, else as the server chose.
fn current(here: Here, frame: Frame) -> Option<Cluster> {
    let chosen = here
        .cluster()
        .or_else(|| frame.overview.map(|overview| Some(overview.as_of.as_ref()?.cluster))?);
    frame.clusters.map(|all| match chosen {
        Some(id) => all.iter().find(|cluster| cluster.id == id).cloned(),
        None => all.first().cloned(),
    })?
}

fn release(cluster: &Cluster) -> String {
    let source = match cluster.source {
        Source::Live => "",
        Source::Files => "files",
        Source::Demo => "demo",
    };
    let version = match cluster.version.trim_start_matches('v') {
        "" => String::new(),
        version => format!("Kubernetes {version}"),
    };
    [version.as_str(), source]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}
