//! Who can reach the pods of a namespace, as its policies say.

use leptos::prelude::*;
use shared::namespaces::{NamespaceDetail, PolicyRow};

use crate::components::card::Card;
use crate::components::link::link;
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::{Here, encode};
use crate::pages::namespaces::standing;

/// The card.
pub(super) fn network(here: Here, namespace: &NamespaceDetail) -> AnyView {
    let deny = namespace.row.default_deny.as_ref();
    let reason = deny.map(|it| it.reason.clone()).filter(|reason| !reason.is_empty());
    let policies: Vec<_> = namespace.policies.iter().map(policy).collect();
    let to = format!("/findings?area=network&namespace={}", encode(&namespace.row.namespace));
    let denies = standing(deny);
    let note = format::count(policies.len() as u64, "policy", "policies");
    view! {
        <Card id="network" title="Network" note=note end=link(here, "link", to, "Findings")>
            <div class="card-body stack tight-gap">
                <dl class="facts"><dt>"Denies by default"</dt><dd>{denies}</dd></dl>
                {reason.map(|reason| view! { <p class="reason">{reason}</p> })}
                <ul class="lines">{policies}</ul>
            </div>
        </Card>
    }
    .into_any()
}

fn policy(policy: &PolicyRow) -> AnyView {
    let isolates = match (policy.ingress, policy.egress) {
        (true, true) => "in and out",
        (true, false) => "in",
        (false, true) => "out",
        (false, false) => "neither in nor out",
    };
    let all = policy.selects_all.then(|| tag(Tone::Plain, "all pods"));
    view! {
        <li>
            <span class="mono">{policy.name.clone()}</span>
            {all}
            <span class="end muted small">{isolates}</span>
        </li>
    }
    .into_any()
}
