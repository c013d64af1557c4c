//! One workload: what is wrong with it, what runs, how it is written, what happened to it.

mod containers;
mod findings;
mod other_engines;
mod pod_security;
mod summary;
mod usage;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::page::Stamped;
use shared::pod_security::WorkloadLevels;
use shared::workloads::WorkloadDetail;

use crate::api;
use crate::components::ago::when;
use crate::components::card::Card;
use crate::components::change::changes;
use crate::components::code::plain_code;
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::{Load, load, load_if, loaded, table_skeleton};
use crate::components::object::namespace_path;
use crate::components::tabs::{Tab, tabs};
use crate::format;
use crate::here::{Here, use_here};
use crate::shell::use_frame;
use crate::yaml;

/// What the workload breaks of each level of Pod Security.
type Levels = Load<Stamped<WorkloadLevels>>;

/// The part that is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Everything,
    Findings,
    Yaml,
    History,
}

impl Part {
    const ALL: [Self; 4] = [Self::Everything, Self::Findings, Self::Yaml, Self::History];

    fn of(word: Option<&str>) -> Self {
        let named = Self::ALL.into_iter().find(|part| part.param() == word);
        named.unwrap_or(Self::Everything)
    }

    /// Its word in the address; none for the one that is shown at first.
    fn param(self) -> Option<&'static str> {
        match self {
            Self::Everything => None,
            Self::Findings => Some("findings"),
            Self::Yaml => Some("yaml"),
            Self::History => Some("history"),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Everything => "Everything",
            Self::Findings => "Findings",
            Self::Yaml => "YAML",
            Self::History => "History",
        }
    }
}

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let params = use_params_map();
    let param = move |name: &'static str| params.with(|params| params.get(name).unwrap_or_default());
    let name = Signal::derive(move || param("name"));
    let workload = load(move || {
        let (kind, namespace, name, at) = (param("kind"), param("namespace"), name.get(), here.at());
        api::workloads::get(&kind, &namespace, &name, at)
    });
    // What is gone is not judged: it is asked about once it is known to be there.
    let is_there = move || workload.map(|workload| workload.body.deleted_at.is_none()) == Some(true);
    let levels = load_if(move || {
        let (kind, namespace, name, at) = (param("kind"), param("namespace"), name.get(), here.at());
        is_there().then(|| api::pod_security::of_workload(&kind, &namespace, &name, at))
    });
    let tab = here.watch("tab");
    let crumbs = crumbs(here, &[("Workloads", "/workloads")], move || {
        path(here, param("namespace"), param("kind"))
    });
    let frame = use_frame();
    let pods_unread = frame.pods_unread();
    let meta = move || workload.map(|workload| meta(&workload.body, pods_unread.get()));
    view! {
        <PageHead title=name mono=true crumbs=crumbs meta=meta/>
        {loaded(workload, "workload", || table_skeleton(10), move |workload| whole(here, tab, (pods_unread, levels), workload))}
    }
    .into_any()
}

/// The crumbs below the list: namespace, then kind.
fn path(here: Here, namespace: String, kind: String) -> AnyView {
    let to = namespace_path(&namespace);
    view! { {link(here, "", to, namespace)}" / "{kind} }.into_any()
}

fn meta(workload: &WorkloadDetail, pods_unread: bool) -> AnyView {
    let pods = match workload.replicas.and_then(|wanted| u32::try_from(wanted).ok()) {
        _ if pods_unread => "pods not read".to_owned(),
        Some(wanted) => format!(
            "{} of {} pods",
            format::number(workload.row.pods),
            format::number(wanted)
        ),
        None => format::count(workload.row.pods, "pod", "pods"),
    };
    let changed = workload
        .history
        .first()
        .map(|change| view! { ", last change "{when(change.at)} });
    view! { {pods}{changed} }.into_any()
}

fn whole(
    here: Here,
    tab: Memo<Option<String>>,
    (pods_unread, levels): (Memo<bool>, Levels),
    workload: &Stamped<WorkloadDetail>,
) -> AnyView {
    let body = StoredValue::new(workload.body.clone());
    let part = move || Part::of(tab.get().as_deref());
    let parts = move || body.with_value(|body| shown(here, part(), levels, body));
    view! {
        {deleted(&workload.body)}
        {summary::summary(here, (pods_unread, levels), &workload.body)}
        {move || body.with_value(|body| choice(here, part(), body))}
        {parts}
    }
    .into_any()
}

fn deleted(workload: &WorkloadDetail) -> Option<AnyView> {
    let at = workload.deleted_at?;
    let name = workload.row.object.name.clone();
    Some(
        view! {
            <div class="banner past in">
                {icon(Icon::Past)}
                <p><b>{name}" was deleted "{when(at)}"."</b>" You see it as it last stood."</p>
            </div>
        }
        .into_any(),
    )
}

fn choice(here: Here, chosen: Part, workload: &WorkloadDetail) -> AnyView {
    let tab = |part: Part| Tab {
        href: here.with(&[("tab", part.param())]),
        text: part.title().into(),
        count: match part {
            Part::Findings => Some(workload.findings.len() as u64),
            Part::History => Some(workload.history.len() as u64),
            Part::Everything | Part::Yaml => None,
        },
        current: part == chosen,
    };
    tabs("Sections", Part::ALL.map(tab).into())
}

fn shown(here: Here, part: Part, levels: Levels, workload: &WorkloadDetail) -> AnyView {
    match part {
        Part::Everything => everything(here, levels, workload),
        Part::Findings => findings::findings(here, workload),
        Part::Yaml => manifest(workload),
        Part::History => history(here, workload),
    }
}

fn everything(here: Here, levels: Levels, workload: &WorkloadDetail) -> AnyView {
    view! {
        <div class="grid">
            <div class="stack c8">
                {findings::findings(here, workload)}
                {other_engines::other_engines(&workload.policy_results)}
                {containers::containers(&workload.containers)}
                {usage::usage(&workload.usage)}
                {pod_security::pod_security(workload.deleted_at.is_some(), levels)}
            </div>
            <div class="stack c4">{history(here, workload)}</div>
        </div>
    }
    .into_any()
}

fn manifest(workload: &WorkloadDetail) -> AnyView {
    let text = plain_code(workload.row.object.to_string(), yaml::print(&workload.manifest));
    let note = "What the verdicts rest on. Values of secrets and environment variables are never read.";
    view! {
        <Card id="manifest" title="YAML" note=note>
            <div class="card-body">{text}</div>
        </Card>
    }
    .into_any()
}

fn history(here: Here, workload: &WorkloadDetail) -> AnyView {
    let body = if workload.history.is_empty() {
        view! { <p class="muted">"Nothing changed since it was first seen."</p> }.into_any()
    } else {
        changes(here, &workload.history)
    };
    view! { <Card id="history" title="History" note="newest first"><div class="card-body">{body}</div></Card> }
        .into_any()
}
