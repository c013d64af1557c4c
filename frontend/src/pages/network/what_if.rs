//! What policies would change, before they are applied: evaluated here in the page, by the same core as on the server, while one
//! types.

use analysis::network::change::State;
use analysis::network::change::changes::proposed;
use analysis::network::known::Known;
use leptos::prelude::*;
use shared::network::answers::ProposalAnswer;
use shared::network::change::{Mistake, Proposal};
use shared::network::changes::Changes;
use shared::page::Stamped;

use super::answer::answer;
use super::making;
use crate::api;
use crate::components::copy::copy_button;
use crate::components::empty::empty;
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::{load, load_if, loaded, table_skeleton};
use crate::components::search::rested;
use crate::here::{Here, use_here};
use crate::yaml;

/// What stands in the editor at first.
const EXAMPLE: &str = "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: default
spec:
  podSelector: {}
  policyTypes: [Ingress]
";
/// How many changed pairs are listed.
const MOST: usize = 500;

/// The editor, and what it would change. The model is asked for only here. With `for` in the address, what is made for that namespace
/// stands in the editor.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let known = load(move || api::network::model(here.at()));
    let made = load_if(move || Some(api::network::proposal(&making::asked(here)?)));
    let text = RwSignal::new(match untrack(|| making::asked(here)) {
        Some(_) => String::new(),
        None => EXAMPLE.to_owned(),
    });
    Effect::new(move |_| {
        if let Some(manifests) = made
            .map(|made| made.body.made.as_ref().map(|made| yaml_of(&made.manifests)))
            .flatten()
        {
            text.set(manifests);
        }
    });
    let failed = move || made.error().map(|error| noted(vec![error.message()]));
    let notes = move || made.map(|made| told(&made.body));
    view! {
        <PageHead title="What if" crumbs=crumbs(here, &[("Network", "/network")], "What if")/>
        {failed}
        {notes}
        {loaded(known, "network model", || table_skeleton(8), move |known| whole(here, text, known))}
    }
    .into_any()
}

fn whole(here: Here, text: RwSignal<String>, known: &Stamped<Known>) -> AnyView {
    match known.as_of {
        Some(_) => editor(here, text, known),
        None => empty(
            "The cluster was not read yet",
            "What policies would change is told here after the first snapshot.",
            link(here, "btn", "/snapshots", "Snapshots"),
        ),
    }
}

fn yaml_of(manifests: &[serde_json::Value]) -> String {
    let documents: Vec<String> = manifests.iter().map(yaml::print).collect();
    documents.join("---\n")
}

/// What is to be known of policies that were made, or why there are none.
fn told(made: &ProposalAnswer) -> AnyView {
    let notes = made.made.iter().flat_map(|made| made.notes.iter().cloned());
    noted(made.refused.iter().cloned().chain(notes).collect())
}

fn noted(sentences: Vec<String>) -> AnyView {
    let items: Vec<_> = sentences
        .into_iter()
        .map(|note| view! { <li class="note">{icon(Icon::Alert)}<span>{note}</span></li> })
        .collect();
    (!items.is_empty())
        .then(|| view! { <ul class="stack tight-gap" aria-label="Of the policies that were made">{items}</ul> })
        .into_any()
}

fn editor(here: Here, text: RwSignal<String>, known: &Stamped<Known>) -> AnyView {
    let network = known.body.network();
    let before = StoredValue::new((known.body.clone(), network));
    let rested = rested(text);
    let changes = Memo::new(move |_| {
        let typed = rested.get();
        let proposal = Proposal {
            // What stands there at first is evaluated at once.
            manifests: if typed.is_empty() { text.get_untracked() } else { typed },
            deleted: Vec::new(),
        };
        let is_bare = proposal.manifests.trim().is_empty();
        (!is_bare).then(|| {
            before.with_value(|(known, network)| {
                let model = &known.model;
                Changes {
                    gaps: known.gaps.clone(),
                    ..proposed(State { model, network }, &proposal, MOST)
                }
            })
        })
    });
    let mistakes = move || changes.with(|changes| changes.as_ref().map(|changes| wrong(&changes.mistakes)));
    let told = move || {
        changes.with(|changes| match changes {
            Some(changes) if changes.mistakes.is_empty() => {
                answer(here, changes, "These policies open nothing and cut off nothing.")
            }
            _ => ().into_any(),
        })
    };
    view! {
        <section class="card whatif" aria-labelledby="what-if">
            <div class="card-head">
                <h2 id="what-if">"Policies"</h2><p>"computed in this page while you type; nothing is applied"</p>
                <div class="end">{copy_button("Copy", move || text.get_untracked())}</div>
            </div>
            <div class="card-body stack">
                <div class="field">
                    <label for="policies">"Policies, as YAML: each is added, or takes the place of the one of its name"</label>
                    <textarea
                        id="policies"
                        class="input mono editor"
                        rows="14"
                        spellcheck="false"
                        autocomplete="off"
                        aria-describedby="mistakes"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                </div>
                <div id="mistakes" role="status">{mistakes}</div>
                {told}
            </div>
        </section>
    }
    .into_any()
}

/// What is wrong with the text, each with its line.
fn wrong(mistakes: &[Mistake]) -> AnyView {
    let items: Vec<_> = mistakes
        .iter()
        .map(|mistake| {
            let line = mistake.line.map(|line| format!("Line {line}: "));
            let field = (!mistake.field.is_empty()).then(|| view! { <code>{mistake.field.clone()}</code>": " });
            view! { <li class="note warn">{icon(Icon::Alert)}<span>{line}{field}{mistake.reason.clone()}</span></li> }
        })
        .collect();
    (!items.is_empty())
        .then(|| view! { <ul class="stack tight-gap">{items}</ul> })
        .into_any()
}
