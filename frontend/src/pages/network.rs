//! Network: which namespaces are closed, who reaches whom, what is open to the outside, and what a policy would change.

mod answer;
mod changes;
mod connection;
mod exposure;
mod history;
pub(crate) mod making;
mod matrix;
mod namespaces;
mod pair;
mod reach;
mod summary;
mod told;
pub(crate) mod what_if;
mod whose;

use leptos::prelude::*;
use shared::network::answers::CoverageAnswer;
use shared::network::enforcement::{Enforced, Enforcement};
use shared::page::Stamped;

use crate::api;
use crate::components::empty::empty;
use crate::components::heading::PageHead;
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::components::tabs::{Tab, tabs};
use crate::format;
use crate::here::{Here, use_here};

/// The part that is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Matrix,
    Namespaces,
    Reach,
    Exposure,
    Changes,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::Matrix,
        Self::Namespaces,
        Self::Reach,
        Self::Exposure,
        Self::Changes,
    ];

    fn of(word: Option<&str>) -> Self {
        let named = Self::ALL.into_iter().find(|part| part.param() == word);
        named.unwrap_or(Self::Matrix)
    }

    /// Its word in the address; none for the one that is shown at first.
    fn param(self) -> Option<&'static str> {
        match self {
            Self::Matrix => None,
            Self::Namespaces => Some("namespaces"),
            Self::Reach => Some("reach"),
            Self::Exposure => Some("exposure"),
            Self::Changes => Some("changes"),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Matrix => "Who can reach whom",
            Self::Namespaces => "By namespace",
            Self::Reach => "Reach of a workload",
            Self::Exposure => "Open to the outside",
            Self::Changes => "What changed",
        }
    }
}

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let coverage = load(move || api::network::coverage(here.at()));
    let course = history::read(here);
    let view_of = here.watch("view");
    let meta = move || coverage.map(|found| found.as_of.is_some().then(|| meta(&found.body)));
    view! {
        <PageHead title="Network" meta=meta actions=move || link(here, "btn", making::WHAT_IF, "What if")/>
        {loaded(coverage, "network policies", || table_skeleton(12), move |found| whole(here, view_of, (coverage, course), found))}
    }
    .into_any()
}

fn meta(found: &CoverageAnswer) -> String {
    let policies = format::count(found.policies, "policy", "policies");
    let classes = format::count(found.classes, "class", "classes");
    let Some(coverage) = &found.coverage else {
        return policies;
    };
    let host = match coverage.cluster.host_network {
        0 => String::new(),
        1 => "; one pod uses the network of its node and stands outside".to_owned(),
        pods => format!(
            "; {} pods use the network of their nodes and stand outside",
            format::number(pods)
        ),
    };
    format!("{policies} tell {classes} of pods apart{host}")
}

fn whole(
    here: Here,
    view_of: Memo<Option<String>>,
    (coverage, course): (Load<Stamped<CoverageAnswer>>, history::History),
    found: &Stamped<CoverageAnswer>,
) -> AnyView {
    if found.as_of.is_none() {
        return empty(
            "The cluster was not read yet",
            "What may connect to what stands here after the first snapshot.",
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    }
    let part = Memo::new(move |_| Part::of(view_of.get().as_deref()));
    let content = move || match part.get() {
        Part::Matrix => covered(coverage, move |body| matrix::card(here, body)),
        Part::Namespaces => covered(coverage, move |body| namespaces::card(here, body)),
        Part::Reach => reach::part(here),
        Part::Exposure => exposure::part(here),
        Part::Changes => changes::part(here),
    };
    view! {
        {notes(&found.body)}
        {summary::summary(here, &found.body)}
        {history::card(here, course)}
        {move || choice(here, part.get())}
        {content}
    }
    .into_any()
}

/// What rests on the coverage alone.
fn covered(
    coverage: Load<Stamped<CoverageAnswer>>,
    show: impl Fn(&shared::network::coverage::Coverage) -> AnyView + 'static,
) -> AnyView {
    let shown = coverage.map(|found| match &found.body.coverage {
        Some(known) => show(known),
        None => empty(
            "This is not known",
            found.body.not_evaluated.clone().unwrap_or_default(),
            (),
        ),
    });
    shown.into_any()
}

/// Whether anything enforces the policies, what else may change the picture, and policies that do nothing.
fn notes(found: &CoverageAnswer) -> AnyView {
    let unread = found.not_evaluated.iter().cloned();
    let enforced = found.enforcement.iter().flat_map(doubts);
    let invalid = found.invalid.iter().map(|policy| {
        format!(
            "{} does nothing, as the API server would not take it: {}: {}",
            policy.object, policy.path, policy.reason
        )
    });
    let items: Vec<_> = unread
        .chain(enforced)
        .chain(invalid)
        .map(|text| view! { <li class="note warn">{icon(Icon::Alert)}<span>{text}</span></li> })
        .collect();
    (!items.is_empty())
        .then(|| view! { <ul class="stack tight-gap" aria-label="What to know first">{items}</ul> })
        .into_any()
}

fn doubts(enforcement: &Enforcement) -> Vec<String> {
    let state = match enforcement.state {
        Enforced::Yes => None,
        Enforced::No => Some(format!(
            "{} A policy that nothing enforces protects nobody.",
            enforcement.reason
        )),
        Enforced::Unknown => Some(format!(
            "Whether anything enforces the policies is not known: {}",
            enforcement.reason
        )),
    };
    let others = enforcement.other_policies.iter().flatten();
    let others = others.map(|other| format!("{} are not evaluated. {}", other.resource, other.effect));
    state.into_iter().chain(others).collect()
}

fn choice(here: Here, chosen: Part) -> AnyView {
    let tab = |part: Part| Tab {
        href: here.with(&[
            ("view", part.param()),
            ("q", None),
            ("from", None),
            ("to", None),
            ("since", None),
        ]),
        text: part.title().into(),
        count: None,
        current: part == chosen,
    };
    tabs("Views", Part::ALL.map(tab).into())
}
