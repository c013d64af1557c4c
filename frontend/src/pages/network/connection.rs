//! What may pass between two ends in either direction, and what the policies of both sides say of it.

use leptos::prelude::*;
use shared::network::reach::{Between, BetweenSorts, ConnectionsQuery};
use shared::network::{Connections, RuleAction, SideVerdict};
use shared::page::Stamped;

use super::told::{ports, words};
use crate::api;
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::components::object::object_link;
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::here::Here;

/// The card of two ends.
pub(super) fn card(here: Here, one: String, other: String) -> AnyView {
    let ask = move |from: String, to: String| -> Load<Stamped<Between>> {
        load(move || {
            let at = here.at();
            api::network::connections(&ConnectionsQuery {
                cluster: at.cluster,
                at: at.at,
                from: from.clone(),
                to: to.clone(),
            })
        })
    };
    let (there, back) = (ask(one.clone(), other.clone()), ask(other.clone(), one.clone()));
    let close = move |_| here.set(&[("with", None)]);
    let direction = move |between: Load<Stamped<Between>>| {
        loaded(
            between,
            "connection",
            || table_skeleton(3),
            move |between| shown(here, &between.body),
        )
    };
    view! {
        <section class="card" aria-labelledby="connection">
            <div class="card-head">
                <h2 id="connection" class="mono">{one}" and "{other}</h2>
                <div class="end"><button type="button" class="btn quiet small" on:click=close>"Close"</button></div>
            </div>
            {direction(there)}
            {direction(back)}
        </section>
    }
    .into_any()
}

fn shown(here: Here, between: &Between) -> AnyView {
    let pairs: Vec<_> = between.pairs.iter().map(|pair| one(here, pair)).collect();
    pairs.into_any()
}

fn one(here: Here, pair: &BetweenSorts) -> AnyView {
    let is_cut = pair.connections == Connections::Some(Vec::new());
    let verdict = match is_cut {
        true => tag(Tone::Ok, "cut off"),
        false => tag(Tone::Plain, ports(&pair.connections)),
    };
    let node = pair
        .shares_node
        .then(|| view! { <p class="card-body muted">"Some of them share a node, and one is on its network: there policies have no say."</p> });
    let rows = [("Leaving", &pair.out), ("Arriving", &pair.into)]
        .into_iter()
        .flat_map(|(side, verdict)| said(here, side, verdict))
        .collect();
    view! {
        <div class="card-head next"><h3>{words(&pair.source)}" to "{words(&pair.destination)}</h3><div class="end">{verdict}</div></div>
        {node}
        {table("What policies say", "table fits", &[("", "Side"), ("", "Policy"), ("", "Says"), ("", "Of")], rows)}
    }
    .into_any()
}

/// What one side says, policy by policy, and what nobody speaks of.
fn said(here: Here, side: &'static str, verdict: &SideVerdict) -> Vec<AnyView> {
    let mut rows: Vec<AnyView> = verdict
        .said
        .iter()
        .map(|said| {
            let rule = said
                .rule
                .as_deref()
                .map(|rule| rule.strip_prefix("spec.").unwrap_or(rule).to_owned());
            let policy = view! { {object_link(here, &said.policy)}" "<span class="mono muted">{rule}</span> };
            let action = match said.action {
                RuleAction::Accept => "lets through",
                RuleAction::Deny => "cuts off",
                RuleAction::Pass => "leaves to the next tier",
                RuleAction::Isolate => "lets none of it through",
            };
            row(
                "",
                vec![
                    ("", side.into_any()),
                    ("", policy.into_any()),
                    ("", action.into_any()),
                    ("", of(&said.connections)),
                ],
            )
        })
        .collect();
    let rest = match (verdict.is_subject, verdict.is_isolated) {
        (false, _) => Some("Policies have no say on this side."),
        (true, true) => Some("The rest is cut off: a NetworkPolicy selects the pods for this direction."),
        (true, false) if verdict.undecided != Connections::Some(Vec::new()) => {
            Some("No policy speaks of the rest, so it is let through.")
        }
        (true, false) => None,
    };
    let text = |rest: &'static str| view! { <span class="muted">{rest}</span> }.into_any();
    rows.extend(rest.map(|rest| {
        row(
            "",
            vec![
                ("", side.into_any()),
                ("", text(rest)),
                ("", ().into_any()),
                ("", ().into_any()),
            ],
        )
    }));
    rows
}

fn of(connections: &Connections) -> AnyView {
    match ports(connections).as_str() {
        "none" => ().into_any(),
        text => text.to_owned().into_any(),
    }
}
