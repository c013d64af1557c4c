//! What kubelets and other servers answer to those who call them without a credential.

use leptos::prelude::*;
use shared::certificates::{EndpointRow, KubeletRow};
use shared::probes::{Anonymous, ReadOnlyPort};
use shared::verdict::Verdict;

use crate::components::card::{Card, card};
use crate::components::object::object_link;
use crate::components::table::{row, table};
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;

/// How many kubelets are told one by one: those of which something is wrong come first.
const SHOWN: usize = 100;

/// The kubelets; how to have them called, where they are not.
pub(super) fn kubelets(here: Here, kubelets: Option<&[KubeletRow]>) -> AnyView {
    let Some(kubelets) = kubelets else {
        let body = view! {
            <p class="card-body muted">
                "Kubelets were not called. Start Plimsoll with "<code>"--probe-kubelets"</code>
                " to see the certificate of each, whether it answers anybody, and whether its read-only port is open."
            </p>
        };
        return card("kubelets", ("Kubelets", ""), None, body.into_any());
    };
    let mut sorted: Vec<&KubeletRow> = kubelets.iter().collect();
    sorted.sort_by_key(|kubelet| (rank(kubelet), &kubelet.node.name));
    let rows: Vec<_> = sorted.iter().take(SHOWN).map(|of| kubelet(here, of)).collect();
    let heads = [
        ("", "Node"),
        ("", "TLS"),
        ("", "Without a credential"),
        ("", "Read-only port"),
    ];
    let note = match kubelets.len() {
        all if all > SHOWN => format!("{SHOWN} of {all}, the worst first"),
        all => format::count(all as u64, "node", "nodes"),
    };
    let table = table("Kubelets", "table fits stacked certificates", &heads, rows);
    card("kubelets", ("Kubelets", &note), None, table)
}

/// What is wrong comes first, then what can't be told.
fn rank(kubelet: &KubeletRow) -> u8 {
    match (&kubelet.anonymous, &kubelet.read_only_port) {
        (Anonymous::Allowed, _) => 0,
        (_, ReadOnlyPort::Open) => 1,
        (Anonymous::Forbidden, _) => 2,
        (Anonymous::Unknown { .. }, _) | (_, ReadOnlyPort::Unknown { .. }) => 3,
        (Anonymous::Refused, ReadOnlyPort::Closed) => 4,
    }
}

fn kubelet(here: Here, of: &KubeletRow) -> AnyView {
    let address = (!of.address.is_empty()).then(|| view! { <span class="sub mono">{of.address.clone()}</span> });
    let node = view! { {object_link(here, &of.node)}{address} }.into_any();
    row(
        "",
        vec![
            ("", node),
            ("", protocols(&of.protocols, of.problem.as_deref())),
            ("", anonymous(&of.anonymous)),
            ("", read_only_port(&of.read_only_port)),
        ],
    )
}

fn protocols(protocols: &[String], problem: Option<&str>) -> AnyView {
    match problem {
        Some(problem) => unknown("not seen", problem),
        None => protocols.join(", ").into_any(),
    }
}

fn unknown(words: &'static str, reason: &str) -> AnyView {
    view! { {verdict_with(Verdict::NotEvaluated, words)}<span class="sub reason">{reason.to_owned()}</span> }.into_any()
}

fn anonymous(anonymous: &Anonymous) -> AnyView {
    match anonymous {
        Anonymous::Allowed => verdict_with(Verdict::Fail, "answered"),
        Anonymous::Forbidden => verdict_with(Verdict::Fail, "taken, and forbidden"),
        Anonymous::Refused => verdict_with(Verdict::Pass, "refused"),
        Anonymous::Unknown { reason } => unknown("can't be told", reason),
    }
}

fn read_only_port(port: &ReadOnlyPort) -> AnyView {
    match port {
        ReadOnlyPort::Open => verdict_with(Verdict::Fail, "open"),
        ReadOnlyPort::Closed => verdict_with(Verdict::Pass, "closed"),
        ReadOnlyPort::Unknown { reason } => unknown("can't be told", reason),
    }
}

/// The other servers; how to have one called, where none is.
pub(super) fn endpoints(endpoints: &[EndpointRow]) -> AnyView {
    let body = match endpoints {
        [] => view! {
            <p class="card-body muted">
                "None was called. Start Plimsoll with "<code>"--probe HOST:PORT"</code>
                " to see the certificate of a server, such as a member of etcd, and whether it asks for one."
            </p>
        }
        .into_any(),
        endpoints => {
            let heads = [("", "Address"), ("", "TLS"), ("", "Client's certificate")];
            table(
                "Other servers",
                "table fits certificates",
                &heads,
                endpoints.iter().map(endpoint).collect(),
            )
        }
    };
    view! { <Card id="endpoints" title="Other servers" note="as they answer a handshake">{body}</Card> }.into_any()
}

fn endpoint(of: &EndpointRow) -> AnyView {
    let asked = match (&of.problem, of.client_certificate_requested) {
        (Some(_), _) => view! { <span class="zero">"–"</span> }.into_any(),
        (None, true) => "asked for".into_any(),
        (None, false) => "not asked for".into_any(),
    };
    row(
        "",
        vec![
            ("mono", of.address.clone().into_any()),
            ("", protocols(&of.protocols, of.problem.as_deref())),
            ("", asked),
        ],
    )
}
