//! What an answer leaves open, in plain words. What could not be read is never told as a no.

use leptos::prelude::*;
use shared::object::ObjectRef;
use shared::rbac::Unknown;
use shared::snapshots::{Collected, KindCoverage};

use crate::components::icon::{Icon, icon};
use crate::components::object::object_link;
use crate::here::Here;

/// What is to be said besides an answer.
#[derive(Default)]
pub(super) struct Doubts<'a> {
    /// Whether it may not be all.
    pub(super) partial: bool,
    /// What could not be read.
    pub(super) undecided: &'a [KindCoverage],
    /// What the cluster does not know.
    pub(super) unknown: &'a [Unknown],
    /// Whether no request is ever like that.
    pub(super) inert: bool,
    /// Bindings that grant nothing.
    pub(super) dangling: &'a [ObjectRef],
}

/// A note for each; nothing where there is nothing to say.
pub(super) fn doubts(here: Here, doubts: &Doubts<'_>) -> AnyView {
    let mut notes = Vec::new();
    if doubts.partial || !doubts.undecided.is_empty() {
        notes.push(note(open(doubts.undecided), ().into_any()));
    }
    notes.extend(
        doubts
            .unknown
            .iter()
            .map(|unknown| note(foreign(*unknown).into(), ().into_any())),
    );
    if doubts.inert {
        notes.push(note(INERT.into(), ().into_any()));
    }
    if !doubts.dangling.is_empty() {
        let links: Vec<_> = doubts
            .dangling
            .iter()
            .map(|binding| view! { " "{object_link(here, binding)} })
            .collect();
        notes.push(note(
            "Granted nothing, since the role does not exist:".into(),
            links.into_any(),
        ));
    }
    match notes.is_empty() {
        true => ().into_any(),
        false => view! { <div class="doubts">{notes}</div> }.into_any(),
    }
}

/// What is to be said of a rule that no request meets.
pub(super) const INERT: &str = "No request is ever like this: what stands in no namespace is asked for without one.";

fn note(text: String, more: AnyView) -> AnyView {
    view! { <div class="note warn">{icon(Icon::Alert)}<p>{text}{more}</p></div> }.into_any()
}

/// `This may not be all: roles.rbac.authorization.k8s.io could not be read (denied).`
fn open(kinds: &[KindCoverage]) -> String {
    let kinds: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{} ({})", kind.resource, outcome(&kind.outcome)))
        .collect();
    match kinds.as_slice() {
        [] => "This may not be all: not everything that it rests on could be read.".into(),
        kinds => format!(
            "This may not be all, since it also rests on what was not read: {}.",
            kinds.join(", ")
        ),
    }
}

fn outcome(outcome: &Collected) -> &'static str {
    match outcome {
        Collected::Collected { .. } => "read in part",
        Collected::Absent => "absent",
        Collected::Skipped { .. } => "skipped",
        Collected::Denied { .. } => "denied",
        Collected::Failed { .. } => "failed",
    }
}

fn foreign(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::Verb => "No request has this verb. It is answered all the same, as the API server does.",
        Unknown::Resource => {
            "The cluster is not known to serve this resource. It is answered all the same, as the API server does."
        }
        Unknown::Subresource => {
            "The resource is not known to have this subresource. It is answered all the same, as the API server does."
        }
        Unknown::Namespace => "The cluster has no such namespace. What the whole cluster grants would hold in it too.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_read_is_named_with_the_reason() {
        let kinds = [KindCoverage {
            resource: "roles.rbac.authorization.k8s.io".into(),
            outcome: Collected::Denied {
                reason: "forbidden".into(),
            },
        }];
        assert_eq!(
            open(&kinds),
            "This may not be all, since it also rests on what was not read: roles.rbac.authorization.k8s.io (denied)."
        );
    }
}
