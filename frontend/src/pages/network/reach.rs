//! What can reach a workload and what it can reach, with the ports and the policies that say so; and why two ends are connected.

use leptos::prelude::*;
use shared::network::SideVerdict;
use shared::network::reach::{Named, Peer, Reach, ReachQuery, Side, Sort};

use super::connection;
use super::told::{end, param, ports, rules, words};
use super::whose;
use crate::api;
use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::load::{Load, load_if, loaded, table_skeleton};
use crate::components::object::object_link;
use crate::components::table::{row, table};
use crate::format;
use crate::here::{Here, encode};
use crate::pages::quotas::gaps;
use shared::page::{At, Stamped};

/// How many peers are listed of each side; a filter finds the others.
const MOST: usize = 100;

/// The field, and what is found.
pub(super) fn part(here: Here) -> AnyView {
    let of = here.watch("of");
    let with = here.watch("with");
    let asked = Memo::new(move |_| of.get().filter(|of| of.parse::<Named>().is_ok()));
    let reach = load_if(move || Some(api::network::reach(&query(here.at(), asked.get()?))));
    view! {
        {whose::field(here)}
        {move || with.get().and_then(|with| Some(connection::card(here, asked.get()?, with)))}
        {move || found(here, asked.get().is_some(), of.get(), reach)}
    }
    .into_any()
}

fn found(here: Here, is_asked: bool, of: Option<String>, reach: Load<Stamped<Reach>>) -> AnyView {
    if is_asked {
        return loaded(
            reach,
            "reach",
            || table_skeleton(10),
            move |reach| shown(here, &reach.body),
        );
    }
    match of {
        Some(of) => whose::meant(here, of),
        None => empty(
            "Whose reach?",
            "Begin to type the name of a workload and choose one, or name a pod as namespace/Pod/name, or an address.",
            link(here, "btn", "/workloads", "Workloads"),
        ),
    }
}

fn shown(here: Here, reach: &Reach) -> AnyView {
    let sorts: Vec<_> = reach.sorts.iter().map(|sort| one(here, sort, reach)).collect();
    view! { {gaps(&reach.gaps)}{sorts} }.into_any()
}

fn one(here: Here, sort: &Sort, reach: &Reach) -> AnyView {
    let name = words(&sort.end);
    let pods = sort.pods.map(|pods| format::count(pods, "pod", "pods"));
    let is_many = reach.sorts.len() > 1;
    let note = is_many.then_some("policies tell its pods apart: these are one sort of them");
    view! {
        <section class="card" aria-label=format!("Reach of {name}")>
            <div class="card-head"><h2 class="mono">{name.clone()}</h2><p>{pods}{note.map(|note| format!("; {note}"))}</p></div>
            {side(here, ("Can be reached by", "Nobody else can reach it."), sort, &sort.ingress, &reach.verdicts)}
            {side(here, ("Can reach", "It can reach nobody else."), sort, &sort.egress, &reach.verdicts)}
        </section>
    }
    .into_any()
}

fn side(
    here: Here,
    (title, none): (&'static str, &'static str),
    sort: &Sort,
    side: &Side,
    verdicts: &[SideVerdict],
) -> AnyView {
    let cut = match side.cut {
        0 => String::new(),
        n => format!(
            "{} cut off",
            format::count(n, "other workload is", "other workloads are")
        ),
    };
    let policies: Vec<_> = side
        .policies
        .iter()
        .map(|policy| view! { <li>{object_link(here, policy)}</li> })
        .collect();
    let by = match policies.is_empty() {
        true => view! { <span class="muted">"no policy speaks of it"</span> }.into_any(),
        false => view! { <ul class="plain inline">{policies}</ul> }.into_any(),
    };
    let rows: Vec<_> = side
        .peers
        .iter()
        .take(MOST)
        .map(|peer| one_peer(here, sort, peer, verdicts))
        .collect();
    let listed = match rows.is_empty() {
        true => view! { <p class="card-body muted">{none}</p> }.into_any(),
        false => table(
            title,
            "table fits",
            &[("", "Who"), ("", "Ports"), ("wide", "Because of"), ("tight", "Why")],
            rows,
        ),
    };
    let more = (side.peers.len() > MOST).then(|| {
        let more = format::number((side.peers.len() - MOST) as u64);
        view! { <p class="card-foot">{format!("{more} more are not listed here.")}{file(here)}</p> }
    });
    view! {
        <div class="card-head next"><h3>{title}</h3><p>{cut}</p><div class="end">{by}</div></div>
        {listed}
        {more}
    }
    .into_any()
}

/// The whole answer as a file.
fn file(here: Here) -> AnyView {
    let to = move || api::network::reach_file(&query(here.at(), here.param("of").unwrap_or_default()));
    view! { <a class="link" href=to download="reach.json">"All of them as JSON"</a> }.into_any()
}

fn query(At { cluster, at }: At, of: String) -> ReachQuery {
    ReachQuery { cluster, at, of }
}

fn one_peer(here: Here, sort: &Sort, peer: &Peer, verdicts: &[SideVerdict]) -> AnyView {
    let both: Vec<&SideVerdict> = [peer.out, peer.into]
        .into_iter()
        .filter_map(|place| verdicts.get(place))
        .collect();
    let because = match peer.shares_node {
        true => view! { <span class="muted">"they share a node, and one is on its network"</span> }.into_any(),
        false => rules(here, &both),
    };
    let why = format!(
        "/network?view=reach&of={}&with={}",
        encode(&param(&sort.end)),
        encode(&param(&peer.end))
    );
    row(
        "",
        vec![
            ("", end(here, &peer.end)),
            ("", ports(&peer.connections).into_any()),
            ("wide", because),
            ("tight", link(here, "link", why, "Why")),
        ],
    )
}
