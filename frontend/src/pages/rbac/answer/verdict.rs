//! Whether somebody can: yes, no, or undecided, and why.

use leptos::prelude::*;
use shared::rbac::{CanI, Reason};
use shared::verdict::Verdict;

use crate::components::verdict::verdict_with;
use crate::here::Here;
use crate::pages::rbac::chain::chains;
use crate::pages::rbac::doubts::{Doubts, doubts};

/// The verdict in a word.
pub(super) fn word(allowed: Option<bool>) -> &'static str {
    match allowed {
        Some(true) => "Yes",
        Some(false) => "No",
        None => "Undecided",
    }
}

/// The verdict, and what it is `now` where the past is looked at, its reasons, and what it leaves open.
pub(super) fn verdict(here: Here, answer: &CanI, now: Option<Option<bool>>) -> AnyView {
    let glyph = match answer.allowed {
        Some(true) => Verdict::Pass,
        Some(false) => Verdict::Fail,
        None => Verdict::NotEvaluated,
    };
    let left_open = Doubts {
        partial: false,
        undecided: &answer.undecided,
        unknown: &answer.unknown,
        inert: answer.inert,
        dangling: &answer.dangling,
    };
    let chains = (!answer.grants.is_empty()).then(|| chains(here, &answer.grants));
    view! {
        <div class="card-body stack tight-gap">
            <p class="answer">{verdict_with(glyph, word(answer.allowed))}</p>
            <p>{why(answer)}</p>
            {now.map(|now| view! { <p>"Now: "<b>{word(now)}</b></p> })}
            {chains}
        </div>
        {doubts(here, &left_open)}
    }
    .into_any()
}

fn why(answer: &CanI) -> String {
    match (answer.allowed, &answer.reason) {
        (Some(true), Some(Reason::Group { group })) => {
            format!("The group {group} is let through before any rule is looked at.")
        }
        (Some(true), _) => "A rule grants it:".into(),
        (Some(false), _) => "No rule grants it to them, nor to a group that they are in.".into(),
        (None, _) => "Nothing that was read grants it; something that could not be read may.".into(),
    }
}
