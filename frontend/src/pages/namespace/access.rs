//! Who may act in a namespace.

use leptos::prelude::*;
use shared::namespaces::NamespaceDetail;

use crate::components::card::Card;
use crate::components::link::{count_link, link};
use crate::components::number::number_or_unknown;
use crate::here::{Here, encode};

/// The card.
pub(super) fn access(here: Here, namespace: &NamespaceDetail) -> AnyView {
    let name = encode(&namespace.row.namespace);
    let counts = namespace.access;
    let list = |list: &str| format!("/access?view=table&list={list}&within={name}");
    let count = |number: Option<u32>, to: String| match number {
        Some(number) => count_link(here, "", number, to),
        None => number_or_unknown(None),
    };
    let bindings = format!("/access?view=table&kind=RoleBinding&within={name}");
    let [bindings, roles, accounts] = [
        count(counts.role_bindings, bindings),
        count(counts.roles, list("roles")),
        count(counts.service_accounts, list("subjects")),
    ];
    let graph = link(here, "link", format!("/access?within={name}"), "Graph");
    let who = format!("/access?ask=who&verb=get&resource=secrets&namespace={name}");
    view! {
        <Card id="access" title="Access" end=graph>
            <div class="card-body stack tight-gap">
                <dl class="facts">
                    <dt>"Role bindings"</dt>
                    <dd class="n">{bindings}</dd>
                    <dt>"Roles"</dt>
                    <dd class="n">{roles}</dd>
                    <dt>"Service accounts"</dt>
                    <dd class="n">{accounts}</dd>
                </dl>
                <p>{link(here, "link", who, "Who can read its Secrets")}</p>
            </div>
        </Card>
    }
    .into_any()
}
