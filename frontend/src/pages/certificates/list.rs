//! The list: what ends first comes first, then what can't be read, then what has no date.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::certificates::{CertificateFacts, CertificateRow, Place};
use shared::object::ObjectRef;
use shared::verdict::{Severity, Verdict};

use super::strip::Ends;
use crate::components::card::card;
use crate::components::chip::chip;
use crate::components::empty::empty_good;
use crate::components::more::more;
use crate::components::object::object_link;
use crate::components::severity::severity_with;
use crate::components::table::{row, table};
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;

/// How many names are told before the rest is counted.
const NAMES: usize = 2;

/// The rows that end in the chosen month; all of them where none is chosen.
pub(super) fn list(here: Here, chosen: Option<&str>, rows: &[CertificateRow], now: DateTime<Utc>) -> AnyView {
    if rows.is_empty() {
        let text = "No webhook, API, Ingress, Gateway or cert-manager Certificate holds or names one.";
        return empty_good("There are no certificates", text, ());
    }
    let is_in = |row: &&CertificateRow| chosen.is_none_or(|chosen| Ends::of(row, now).param(now) == chosen);
    let shown: Vec<_> = rows.iter().filter(is_in).map(|of| certificate(here, of, now)).collect();
    let heads = [
        ("", "Ends"),
        ("", "Where it stands"),
        ("", "Names"),
        ("", "Issued by"),
        ("", "Renewed by"),
    ];
    let note = format!("{} of {}", shown.len(), rows.len());
    let end = chosen.map(|month| chip(here, "ends", month.to_owned()));
    let table = table("Certificates", "table roomy fits stacked certificates", &heads, shown);
    card("list", ("By the soonest end", &note), end, table)
}

fn certificate(here: Here, of: &CertificateRow, now: DateTime<Utc>) -> AnyView {
    row(
        "",
        vec![
            ("tight", ends(of, now)),
            ("", stands(here, of)),
            ("", names(of)),
            ("", issuer(of)),
            ("", renewal(of, now)),
        ],
    )
}

/// How long it is still good, in words and by its urgency; where there is no date, why.
fn ends(row: &CertificateRow, now: DateTime<Utc>) -> AnyView {
    let Some(end) = row.not_after else {
        let verdict = match row.place {
            Place::Secret => verdict_with(Verdict::NotEvaluated, "can't be seen"),
            Place::CertManager => verdict_with(Verdict::Fail, "not issued"),
            _ => verdict_with(Verdict::Fail, "can't be read"),
        };
        return verdict;
    };
    let words = match end < now {
        true => format!("ended {}", format::ago(end, now)),
        false => format!("in {}", format::span(end - now)),
    };
    let words = match row.urgency {
        Some(urgency) => severity_with(urgency, words),
        None => words.into_any(),
    };
    let day = format::day(end, now);
    view! {
        {words}
        <time class="sub" datetime=format::machine(end) title=format::absolute(end)>{day}</time>
    }
    .into_any()
}

fn stands(here: Here, row: &CertificateRow) -> AnyView {
    let object = match row.place {
        Place::ApiServer => view! { <b>"API server"</b> }.into_any(),
        Place::Endpoint => view! { <b class="mono wrap">{row.fields.join(", ")}</b> }.into_any(),
        _ => object_link(here, &row.object),
    };
    let words = match row.place {
        Place::ApiServer | Place::Endpoint => "what it answers with",
        Place::Kubelet => "what its kubelet answers with",
        Place::Webhook => "CA of an admission webhook",
        Place::ApiService => "CA of an aggregated API",
        Place::Conversion => "CA of a conversion webhook",
        Place::CertManager => "cert-manager",
        Place::Issued => "issued by a signer of Kubernetes",
        Place::Secret => "Secret that is served with",
    };
    let secret = match row.secret.as_str() {
        "" => String::new(),
        secret => format!("; Secret {secret}"),
    };
    let title = row.fields.join("\n");
    let problem = row.problem.clone().filter(|_| row.place != Place::Secret);
    view! {
        {object}
        <span class="sub" title=title>{words}{secret}</span>
        {problem.map(|problem| view! { <span class="sub reason">{problem}</span> })}
        {used_by(here, row)}
    }
    .into_any()
}

/// What else serves with its Secret.
fn used_by(here: Here, row: &CertificateRow) -> AnyView {
    let others = row.used_by.iter().filter(|other| **other != row.object);
    let links: Vec<_> = others
        .map(|other: &ObjectRef| view! { <span class="sub">"used by "{object_link(here, other)}</span> })
        .collect();
    links.into_any()
}

/// The first names that it is good for, and the others when that is opened; whom it names where it serves none.
fn names(row: &CertificateRow) -> AnyView {
    let subject = row.certificate.as_ref().map(|facts| facts.subject.clone());
    let (told, rest) = row.names.split_at(row.names.len().min(NAMES));
    let text = match (told, subject) {
        ([], Some(subject)) => subject,
        ([], None) => return view! { <span class="zero">"–"</span> }.into_any(),
        (told, _) => told.join(", "),
    };
    let rest = (!rest.is_empty()).then(|| {
        let word = view! { <span class="muted small">{format!("and {} more", rest.len())}</span> };
        view! { <br/>{more(word, view! { <span class="mono">{rest.join(", ")}</span> })} }
    });
    view! { <span class="mono wrap">{text}</span>{rest} }.into_any()
}

/// Who signed it, and the key.
fn issuer(row: &CertificateRow) -> AnyView {
    let Some(facts) = &row.certificate else {
        return view! { <span class="zero">"–"</span> }.into_any();
    };
    let issuer = match facts.issuer == facts.subject {
        true => "itself".to_owned(),
        false => facts.issuer.clone(),
    };
    let title = format!("{}\nSHA-256 {}", facts.signature_algorithm, facts.fingerprint);
    view! { <span class="wrap">{issuer}</span><span class="sub" title=title>{key(facts)}</span> }.into_any()
}

/// `RSA 2048`.
pub(super) fn key(facts: &CertificateFacts) -> String {
    match facts.key_bits {
        Some(bits) => format!("{} {bits}", facts.key_algorithm),
        None => facts.key_algorithm.clone(),
    }
}

/// What renews it, where anything says so.
fn renewal(row: &CertificateRow, now: DateTime<Utc>) -> AnyView {
    let who = match row.place {
        Place::CertManager => "cert-manager",
        Place::Issued => "who asked for it",
        Place::ApiServer => "who runs the control plane",
        Place::Kubelet => "its kubelet, where the cluster's CA signs it",
        Place::Endpoint | Place::Webhook | Place::ApiService | Place::Conversion | Place::Secret => {
            return view! { <span class="zero" title="nothing says what renews it">"–"</span> }.into_any();
        }
    };
    let due = row.renewal.map(|due| match due < now {
        true => severity_with(
            row.urgency.unwrap_or(Severity::Low),
            format!("was due {}", format::day(due, now)),
        ),
        false => format!("on {}", format::day(due, now)).into_any(),
    });
    view! { {who}{due.map(|due| view! { <span class="sub">{due}</span> })} }.into_any()
}
