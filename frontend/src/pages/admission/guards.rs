//! Who else says no: policy engines, and what verifies images.

use leptos::prelude::*;
use shared::admission::{Engine, ImageVerification};
use shared::verdict::Verdict;

use crate::components::card::Card;
use crate::components::object::object_link;
use crate::components::verdict::verdict_with;
use crate::here::Here;

/// The policy engines, with what each was recognised by.
pub(super) fn engines(here: Here, engines: &[Engine]) -> AnyView {
    let items: Vec<_> = engines.iter().map(|of| engine(here, of)).collect();
    let body = match items.is_empty() {
        true => view! { <p class="card-body muted">"None was found: only what Kubernetes itself brings says no."</p> }
            .into_any(),
        false => view! { <ul class="guards">{items}</ul> }.into_any(),
    };
    view! { <Card id="engines" title="Policy engine">{body}</Card> }.into_any()
}

fn engine(here: Here, engine: &Engine) -> AnyView {
    let asked = match engine.is_asked {
        true => verdict_with(Verdict::Pass, "asked about workloads"),
        false => verdict_with(Verdict::Excepted, "asked about its own resources only"),
    };
    let unknown = (!engine.is_known)
        .then(|| view! { <p class="muted">"A webhook that may refuse; what it is is not known."</p> });
    let evidence: Vec<_> = engine
        .evidence
        .iter()
        .map(|text| view! { <p class="muted">{text.clone()}</p> })
        .collect();
    let objects: Vec<_> = engine
        .objects
        .iter()
        .map(|object| view! { <li>{object_link(here, object)}</li> })
        .collect();
    view! {
        <li>
            <p class="title"><b>{engine.name.clone()}</b>{asked}</p>
            {unknown}
            {evidence}
            <ul class="bound">{objects}</ul>
        </li>
    }
    .into_any()
}

/// Whether images are verified before they run.
pub(super) fn image_verification(verification: &ImageVerification) -> AnyView {
    let (verdict, words, reason) = match verification {
        ImageVerification::Present { by } => (
            Verdict::Pass,
            "Signatures are verified",
            format!("By {}.", by.join(", ")),
        ),
        ImageVerification::Absent => {
            let reason = "Nothing was found that verifies signatures: any image runs that can be pulled.".into();
            (Verdict::Fail, "Signatures are not verified", reason)
        }
        ImageVerification::Unknown { reason } => (Verdict::NotEvaluated, "It can't be told", reason.clone()),
    };
    view! {
        <Card id="image-verification" title="Image verification">
            <div class="card-body"><p>{verdict_with(verdict, words)}</p><p class="muted">{reason}</p></div>
        </Card>
    }
    .into_any()
}
