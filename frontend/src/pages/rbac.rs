//! Access: a question and its answer, the graph, and the same as tables. All of it is in the address.

mod answer;
mod ask;
mod chain;
pub(crate) mod changes;
mod complete;
mod doubts;
pub(crate) mod escalations;
mod graph;
mod lists;
mod named;
mod permissions;
pub(crate) mod question;
pub(crate) mod role;
mod rule;
pub(crate) mod subject;

use leptos::prelude::*;
use shared::page::Stamped;
use shared::rbac::graph::{Graph, GraphQuery, Only};

use self::question::Question;
use crate::api;
use crate::components::heading::PageHead;
use crate::components::icon::{Icon, icon};
use crate::components::link::link;
use crate::components::load::load;
use crate::format;
use crate::here::{Here, at_param, encode, use_here};

/// The page.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let answers = answer::answers(here);
    let is_table = Memo::new(move |_| here.param("view").as_deref() == Some("table"));
    let drawn = load(move || api::rbac::graph(&query(here, is_table.get())));
    let meta = move || drawn.map(meta);
    let problem = Signal::derive(move || answers.problem());
    let remark = Signal::derive(move || answers.remark());
    let view = move || match is_table.get() {
        true => lists::lists(here),
        false => graph::card(here, drawn),
    };
    view! {
        <PageHead title="Access" meta=meta actions=move || actions(here, is_table.get())/>
        {ask::bar(here, problem, remark)}
        {answers.card()}
        {view}
    }
    .into_any()
}

/// What of the graph the address asks for; beside the tables only its size matters.
fn query(here: Here, is_table: bool) -> GraphQuery {
    let at = here.at();
    let param = |name: &str| here.param(name).filter(|_| !is_table);
    let asked = Question::of(here).filter(|_| !is_table);
    let asked = asked.map(|asked| asked.can(at.clone())).unwrap_or_default();
    GraphQuery {
        cluster: at.cluster,
        at: at.at,
        open: param("open"),
        q: param("q"),
        namespace: param("within"),
        only: param("only").and_then(|word| match word.as_str() {
            "escalation" => Some(Only::Escalation),
            "in-use" => Some(Only::InUse),
            _ => None,
        }),
        verb: asked.verb,
        resource: asked.resource,
        within: asked.namespace,
        name: asked.name,
        path: asked.path,
        user: asked.user,
        groups: asked.groups,
    }
}

/// `168 subjects, 212 bindings, 125 roles`.
fn meta(drawn: &Stamped<Graph>) -> Option<String> {
    let size = drawn.body.size;
    drawn.as_of.as_ref()?;
    Some(format!(
        "{}, {}, {}",
        format::count(size.subjects, "subject", "subjects"),
        format::count(size.bindings, "binding", "bindings"),
        format::count(size.roles, "role", "roles")
    ))
}

fn actions(here: Here, is_table: bool) -> AnyView {
    let option = |words: &'static str, view: Option<&'static str>| {
        let current = (view.is_some() == is_table).then_some("true");
        let to = move || {
            here.with(&[
                ("view", view),
                ("q", None),
                ("within", None),
                ("kind", None),
                ("cursor", None),
                ("list", None),
            ])
        };
        view! { <a data-noscroll aria-current=current href=to>{words}</a> }
    };
    let changes = move || match here.instant() {
        Some(at) => (
            format!("/access/changes?since={}&at=", encode(&at_param(at))),
            "Compare with now",
        ),
        None => ("/access/changes".into(), "Changes"),
    };
    view! {
        <div class="segment" role="group" aria-label="View">
            {option("Graph", None)}
            {option("Table", Some("table"))}
        </div>
        {link(here, "btn", "/access/escalations", "Ways to take over")}
        <a class="btn" href=move || here.link(&changes().0)>{icon(Icon::Compare)}{move || changes().1}</a>
    }
    .into_any()
}
