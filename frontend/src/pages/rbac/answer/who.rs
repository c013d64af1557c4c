//! Everyone who can, and why.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::rbac::{Holder, Subject, WhoCan};

use crate::components::link::link;
use crate::components::object::{short_name, subject_path};
use crate::components::table::{row, table};
use crate::components::tag::{Tone, tag};
use crate::format;
use crate::here::Here;
use crate::pages::rbac::chain::chains;
use crate::pages::rbac::doubts::{Doubts, doubts};

/// How many subjects are shown before the rest is asked for.
const SHOWN: usize = 50;

/// The table of those who can. `now` are those who can now, where the past is looked at.
pub(super) fn who(here: Here, answer: &WhoCan, now: Option<&BTreeSet<Subject>>) -> AnyView {
    let left_open = Doubts {
        partial: !answer.complete,
        undecided: &answer.undecided,
        unknown: &answer.unknown,
        inert: answer.inert,
        dangling: &[],
    };
    view! { {doubts(here, &left_open)}{came(here, answer, now)}{holders(here, answer, now)} }.into_any()
}

/// Who can now and could not then.
fn came(here: Here, answer: &WhoCan, now: Option<&BTreeSet<Subject>>) -> Option<AnyView> {
    let then: BTreeSet<&Subject> = answer.subjects.iter().map(|holder| &holder.subject).collect();
    let came = now?.iter().filter(|subject| !then.contains(subject));
    let links: Vec<_> = came
        .take(SHOWN)
        .map(|subject| {
            let name = short_name(&subject.namespace, &subject.name);
            view! { " "{link(here, "mono", subject_path(subject), name)} }
        })
        .collect();
    let counts = format!("{} then, {} now.", then.len(), now?.len());
    let words = if links.is_empty() { "" } else { " Only now:" };
    Some(view! { <p class="card-body muted">{counts}{words}{links}</p> }.into_any())
}

fn holders(here: Here, answer: &WhoCan, now: Option<&BTreeSet<Subject>>) -> AnyView {
    let all = answer.subjects.len();
    if all == 0 {
        let text = if answer.complete {
            "Nobody."
        } else {
            "Nobody, by what was read."
        };
        return view! { <p class="card-body muted">{text}</p> }.into_any();
    }
    let whole = RwSignal::new(all <= SHOWN);
    let holders = answer.subjects.clone();
    let now = now.cloned();
    let list = move || {
        let shown = if whole.get() { all } else { SHOWN };
        let rows = holders
            .iter()
            .take(shown)
            .map(|holder| one(here, holder, now.as_ref()))
            .collect();
        table(
            "Answer",
            "table roomy fits stacked",
            &[("", "Subject"), ("", "Witness")],
            rows,
        )
    };
    let rest = move || {
        (!whole.get()).then(|| {
            let label = format!("Show all {}", format::number(all as u64));
            view! {
                <div class="card-foot">
                    <button type="button" class="btn small" on:click=move |_| whole.set(true)>{label}</button>
                </div>
            }
        })
    };
    view! { {list}{rest} }.into_any()
}

fn one(here: Here, holder: &Holder, now: Option<&BTreeSet<Subject>>) -> AnyView {
    let subject = &holder.subject;
    let name = short_name(&subject.namespace, &subject.name);
    let missing = (holder.is_missing == Some(true)).then(|| view! { " "{tag(Tone::Warn, "does not exist")} });
    let since = now.map(|now| match now.contains(subject) {
        true => view! { " "{tag(Tone::Warn, "still")} },
        false => view! { " "{tag(Tone::Ok, "no longer")} },
    });
    let told = view! {
        {link(here, "mono t", subject_path(subject), name)}
        <span class="sub">{below(holder)}{missing}{since}</span>
    };
    row("", vec![("", told.into_any()), ("", chains(here, &holder.grants))])
}

/// `ServiceAccount, bound in the whole cluster`; who is in a group.
fn below(holder: &Holder) -> String {
    let is_wide = holder.grants.iter().any(|grant| grant.binding.namespace.is_empty());
    let place = match holder.grants.first() {
        Some(grant) if !is_wide => format!("bound in {}", grant.binding.namespace),
        _ => "in the whole cluster".into(),
    };
    let accounts = holder
        .service_accounts
        .map(|n| format::count(n, "service account", "service accounts"));
    let parts = [
        Some(holder.subject.kind.as_str().to_owned()),
        Some(place),
        holder.members.clone(),
        accounts,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
