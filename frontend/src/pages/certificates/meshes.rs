//! Whether pods of a mesh take plain connections, by namespace.

use leptos::prelude::*;
use shared::certificates::{MeshMode, MeshNamespace};
use shared::verdict::Verdict;

use crate::components::card::Card;
use crate::components::number::number;
use crate::components::object::object_link;
use crate::components::table::{row, table};
use crate::components::verdict::verdict_with;
use crate::here::Here;

/// The card; nothing where no namespace is in a mesh.
pub(super) fn meshes(here: Here, meshes: &[MeshNamespace]) -> Option<AnyView> {
    let heads = [
        ("", "Namespace"),
        ("", "Mesh"),
        ("num", "Workloads"),
        ("", "Takes"),
        ("wide", "Said by"),
    ];
    let rows: Vec<_> = meshes.iter().map(|of| namespace(here, of)).collect();
    let card = move || {
        let table = table("Meshes", "table fits", &heads, rows);
        view! { <Card id="meshes" title="TLS within the mesh" note="by namespace">{table}</Card> }.into_any()
    };
    (!meshes.is_empty()).then(card)
}

fn namespace(here: Here, of: &MeshNamespace) -> AnyView {
    let said_by = match &of.by {
        Some(object) => object_link(here, object),
        None if of.mode == MeshMode::Unknown => {
            view! { <span class="zero">"the default with which it was installed"</span> }.into_any()
        }
        None => view! { <span class="zero">"the mesh's default"</span> }.into_any(),
    };
    row(
        "",
        vec![
            ("mono", of.namespace.clone().into_any()),
            ("", of.mesh.clone().into_any()),
            ("num", number(of.workloads)),
            ("tight", mode(of.mode)),
            ("wide", said_by),
        ],
    )
}

fn mode(mode: MeshMode) -> AnyView {
    match mode {
        MeshMode::Strict => verdict_with(Verdict::Pass, "TLS alone"),
        MeshMode::Permissive => verdict_with(Verdict::Fail, "plain connections too"),
        MeshMode::Disabled => verdict_with(Verdict::Fail, "plain connections alone"),
        MeshMode::Unknown => verdict_with(Verdict::NotEvaluated, "can't be told"),
    }
}
