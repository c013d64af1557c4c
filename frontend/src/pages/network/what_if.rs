//! What policies would change, before they are applied.

use leptos::prelude::*;
use shared::network::change::{Mistake, Proposal};
use shared::network::changes::Changes;
use shared::page::Stamped;

use super::answer::answer;
use crate::api;
use crate::components::form::{Sending, form_error};
use crate::components::icon::{Icon, icon};
use crate::here::Here;

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

/// The editor, and what it would change.
pub(super) fn part(here: Here) -> AnyView {
    let text = RwSignal::new(EXAMPLE.to_owned());
    let found = RwSignal::new(None::<Stamped<Changes>>);
    let sending = Sending::new();
    let ask = move |_| {
        let proposal = Proposal {
            manifests: text.get_untracked(),
            deleted: Vec::new(),
        };
        let at = untrack(|| here.at());
        sending.send(api::network::what_if(&at, &proposal), move |changes| {
            found.set(Some(changes))
        });
    };
    let mistakes = move || found.with(|found| found.as_ref().map(|found| wrong(&found.body.mistakes)));
    let changes = move || {
        found.with(|found| {
            let changes = &found.as_ref().filter(|found| found.body.mistakes.is_empty())?.body;
            Some(answer(
                here,
                changes,
                "These policies open nothing and cut off nothing.",
            ))
        })
    };
    view! {
        <section class="card whatif" aria-labelledby="what-if">
            <div class="card-head"><h2 id="what-if">"What if"</h2><p>"nothing is applied, and nothing is kept"</p></div>
            <div class="card-body stack">
                <label class="field">
                    <span>"Policies, as YAML: each is added, or takes the place of the one of its name"</span>
                    <textarea
                        class="input mono editor"
                        rows="14"
                        spellcheck="false"
                        autocomplete="off"
                        aria-describedby="mistakes"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                </label>
                <div id="mistakes" role="status">{mistakes}{form_error(sending)}</div>
                <div class="row">
                    <button type="button" class="btn primary" disabled=move || sending.busy() on:click=ask>"Evaluate"</button>
                </div>
                {changes}
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
