//! Everyone who can, and why.

use leptos::prelude::*;
use shared::rbac::{Holder, WhoCan};

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

/// The table of those who can.
pub(super) fn who(here: Here, answer: &WhoCan) -> AnyView {
    let left_open = Doubts {
        partial: !answer.complete,
        undecided: &answer.undecided,
        unknown: &answer.unknown,
        inert: answer.inert,
        dangling: &[],
    };
    view! { {doubts(here, &left_open)}{holders(here, answer)} }.into_any()
}

fn holders(here: Here, answer: &WhoCan) -> AnyView {
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
    let list = move || {
        let shown = if whole.get() { all } else { SHOWN };
        let rows = holders.iter().take(shown).map(|holder| one(here, holder)).collect();
        table("Answer", "table roomy fits", &[("", "Subject"), ("", "Witness")], rows)
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

fn one(here: Here, holder: &Holder) -> AnyView {
    let subject = &holder.subject;
    let name = short_name(&subject.namespace, &subject.name);
    let missing = (holder.is_missing == Some(true)).then(|| view! { " "{tag(Tone::Warn, "does not exist")} });
    let told = view! {
        {link(here, "mono t", subject_path(subject), name)}
        <span class="sub">{below(holder)}{missing}</span>
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
