//! Quotas and capacity: who is near a limit and when it will be reached, who has none, and what nodes have left.

mod nodes;
mod summary;
mod unlimited;
mod usage;
mod uses;
mod without;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::page::Stamped;
use shared::quotas::{NamespaceQuotas, QuotaQuery, Quotas};

use crate::api;
use crate::components::empty::empty;
use crate::components::filter::namespace;
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::{load, loaded, table_skeleton};
use crate::components::search::search_field;
use crate::components::tabs::{Tab, tabs};
use crate::format;
use crate::here::{Here, use_here};
use crate::shell::use_frame;

/// The part that is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Uses,
    Usage,
    Without,
    Unlimited,
    Nodes,
}

impl Part {
    const ALL: [Self; 5] = [Self::Uses, Self::Usage, Self::Without, Self::Unlimited, Self::Nodes];

    fn of(word: Option<&str>) -> Self {
        let named = Self::ALL.into_iter().find(|part| part.param() == word);
        named.unwrap_or(Self::Uses)
    }

    /// Its word in the address; none for the one that is shown at first.
    fn param(self) -> Option<&'static str> {
        match self {
            Self::Uses => None,
            Self::Usage => Some("usage"),
            Self::Without => Some("without"),
            Self::Unlimited => Some("unlimited"),
            Self::Nodes => Some("nodes"),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Uses => "Use against quota",
            Self::Usage => "What containers use",
            Self::Without => "Without a quota",
            Self::Unlimited => "Containers without limits",
            Self::Nodes => "Nodes",
        }
    }

    /// How much is behind it; none where that was not read.
    fn count(self, quotas: &Quotas) -> Option<u64> {
        match self {
            Self::Uses => count(quotas, has_quota),
            Self::Usage => count(quotas, |it| Some(usage::used(it, "memory").is_some())),
            Self::Without => count(quotas, |it| has_quota(it).map(|has| !has)),
            Self::Unlimited => Some(quotas.namespaces.iter().map(|it| it.without_limits.len() as u64).sum()),
            Self::Nodes => Some(quotas.nodes.len() as u64).filter(|nodes| *nodes > 0),
        }
    }
}

/// Whether it has a quota; none where quotas were not read.
fn has_quota(namespace: &NamespaceQuotas) -> Option<bool> {
    namespace.quotas.as_ref().map(|quotas| !quotas.is_empty())
}

/// How many namespaces are so; none where that is not known of one.
fn count(quotas: &Quotas, is_so: impl Fn(&NamespaceQuotas) -> Option<bool>) -> Option<u64> {
    let all: Option<Vec<bool>> = quotas.namespaces.iter().map(is_so).collect();
    all.map(|all| all.into_iter().filter(|is_so| *is_so).count() as u64)
}

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let quotas = load(move || {
        let at = here.at();
        api::quotas::list(&QuotaQuery {
            cluster: at.cluster,
            at: at.at,
            namespace: None,
        })
    });
    let tab = here.watch("tab");
    let crumbs = crumbs(here, &[("Namespaces", "/namespaces")], "Quotas");
    let meta = move || quotas.map(|quotas| quotas.as_of.is_some().then(|| meta(&quotas.body)));
    view! {
        <PageHead title="Quotas" crumbs=crumbs meta=meta/>
        {loaded(quotas, "quotas", || table_skeleton(14), move |quotas| whole(here, tab, quotas))}
    }
    .into_any()
}

fn meta(quotas: &Quotas) -> String {
    let all = format::count(quotas.namespaces.len() as u64, "namespace", "namespaces");
    match Part::Uses.count(quotas) {
        Some(with) => format!("{} of {all} have one", format::number(with)),
        None => format!("{all}; quotas were not read"),
    }
}

fn whole(here: Here, tab: Memo<Option<String>>, quotas: &Stamped<Quotas>) -> AnyView {
    let Some(as_of) = &quotas.as_of else {
        return empty(
            "The cluster was not read yet",
            "Quotas and what nodes have stand here after the first snapshot.",
            link(here, "btn", "/snapshots", "Snapshots"),
        );
    };
    let (now, unread) = (as_of.taken_at, use_frame().unread("resourcequotas"));
    let body = StoredValue::new(quotas.body.clone());
    let part = move || Part::of(tab.get().as_deref());
    view! {
        {gaps(&quotas.body.gaps)}
        {summary::summary(here, now, &quotas.body)}
        {move || body.with_value(|body| choice(here, part(), body))}
        {move || filters(here, part())}
        {move || body.with_value(|body| shown(here, (now, unread.get()), part(), body))}
    }
    .into_any()
}

/// What is missing in the numbers.
pub(crate) fn gaps(gaps: &[String]) -> Option<AnyView> {
    let items: Vec<_> = gaps
        .iter()
        .map(|gap| view! { <li class="note warn">{icon(Icon::Alert)}<span>{gap.clone()}</span></li> })
        .collect();
    (!gaps.is_empty())
        .then(|| view! { <ul class="stack tight-gap" aria-label="What is missing">{items}</ul> }.into_any())
}

fn choice(here: Here, chosen: Part, quotas: &Quotas) -> AnyView {
    let tab = |part: Part| Tab {
        href: here.with(&[
            ("tab", part.param()),
            ("sort", None),
            ("q", None),
            ("namespace", None),
            ("use", None),
            ("bound", None),
        ]),
        text: part.title().into(),
        count: part.count(quotas),
        current: part == chosen,
    };
    tabs("Sections", Part::ALL.map(tab).into())
}

/// What the part is filtered by. It stays while the list follows what is typed.
fn filters(here: Here, part: Part) -> Option<AnyView> {
    let field = match part {
        Part::Uses => view! { {search_field(here, "Namespace")}{move || uses::chosen(here)} }.into_any(),
        Part::Usage => search_field(here, "Namespace").into_any(),
        Part::Unlimited => namespace(here, "namespace"),
        Part::Without | Part::Nodes => return None,
    };
    Some(view! { <div class="filters" role="search" aria-label="Filter by namespace">{field}</div> }.into_any())
}

fn shown(here: Here, (now, unread): (DateTime<Utc>, bool), part: Part, quotas: &Quotas) -> AnyView {
    match part {
        Part::Uses | Part::Without if unread && Part::Uses.count(quotas).unwrap_or_default() == 0 => empty(
            "Quotas could not be read",
            "Whether namespaces have any is not known.",
            link(here, "btn", "/snapshots", "Snapshots"),
        ),
        Part::Uses => uses::uses(here, now, &quotas.namespaces),
        Part::Usage => usage::usage(here, quotas),
        Part::Without => without::without(here, &quotas.namespaces),
        Part::Unlimited => unlimited::unlimited(here, &quotas.namespaces),
        Part::Nodes => nodes::nodes(here, quotas),
    }
}
