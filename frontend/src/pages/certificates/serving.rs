//! How the API server answers: the certificate that it serves with, and the versions of TLS that it takes.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::certificates::ServingCertificate;

use super::list::key;
use crate::components::card::Card;
use crate::format;

/// The card. Why nothing was seen stands among what is not seen.
pub(super) fn serving(serving: Option<&ServingCertificate>, now: DateTime<Utc>) -> AnyView {
    let body = match serving {
        Some(serving) => answered(serving, now),
        None => view! { <p class="card-body muted">"No handshake with it was seen."</p> }.into_any(),
    };
    view! { <Card id="serving" title="API server" note="as it answers a handshake">{body}</Card> }.into_any()
}

fn answered(serving: &ServingCertificate, now: DateTime<Utc>) -> AnyView {
    let facts = &serving.certificate;
    let issuer = match facts.issuer == facts.subject {
        true => "itself".to_owned(),
        false => facts.issuer.clone(),
    };
    let validity = format!(
        "{} to {}",
        format::day(facts.not_before, now),
        format::day(facts.not_after, now)
    );
    let chain = format::count(serving.chain_length, "certificate", "certificates");
    view! {
        <dl class="facts card-body">
            <dt>"Subject"</dt><dd class="mono wrap">{facts.subject.clone()}</dd>
            <dt>"Issued by"</dt><dd class="wrap">{issuer}</dd>
            <dt>"Valid"</dt><dd>{validity}</dd>
            <dt>"Names"</dt><dd class="mono wrap">{facts.names.join(", ")}</dd>
            <dt>"Key"</dt><dd>{key(facts)}", "{facts.signature_algorithm.clone()}</dd>
            <dt>"Chain"</dt><dd>{chain}</dd>
            <dt>"TLS"</dt><dd>{serving.protocols.join(", ")}</dd>
        </dl>
    }
    .into_any()
}
