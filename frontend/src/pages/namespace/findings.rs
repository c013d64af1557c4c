//! What is wrong with the namespace itself, not with what runs in it.

use leptos::prelude::*;
use shared::findings::FindingRow;
use shared::namespaces::NamespaceDetail;
use shared::object::ObjectRef;

use crate::components::card::Card;
use crate::components::link::link;
use crate::components::open_findings::findings_on;
use crate::components::severity::severity_glyph;
use crate::here::{Here, encode};

/// The card; what is wrong in it is a link away.
pub(super) fn findings(here: Here, namespace: &NamespaceDetail) -> AnyView {
    let name = &namespace.row.namespace;
    let on = findings_on(&ObjectRef {
        group: String::new(),
        kind: "Namespace".into(),
        namespace: String::new(),
        name: name.clone(),
    });
    let items: Vec<_> = namespace
        .findings
        .iter()
        .map(|finding| item(here, &on, finding))
        .collect();
    let none = items
        .is_empty()
        .then(|| view! { <p class="muted">"No finding is open on the namespace itself."</p> });
    let within = format!("/findings?namespace={}", encode(name));
    view! {
        <Card id="findings" title="Findings" note="on the namespace itself" end=link(here, "link", within, "All in it")>
            <div class="card-body">{none}<ul class="lines">{items}</ul></div>
        </Card>
    }
    .into_any()
}

fn item(here: Here, on: &str, finding: &FindingRow) -> AnyView {
    let to = format!("{on}&open={}", encode(&finding.id.0));
    view! { <li>{severity_glyph(finding.severity)}{link(here, "", to, finding.title.clone())}</li> }.into_any()
}
