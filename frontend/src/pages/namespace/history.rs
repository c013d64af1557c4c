//! What happened in a namespace.

use chrono::TimeDelta;
use leptos::prelude::*;
use shared::changes::{Change, ChangeQuery};
use shared::page::{Page, Stamped};

use crate::api;
use crate::components::ago::present;
use crate::components::card::Card;
use crate::components::change::changes;
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::format;
use crate::here::Here;

/// How far back.
const WINDOW: TimeDelta = TimeDelta::days(30);
/// Changes that are listed.
const SHOWN: u32 = 12;
/// Kinds that people change: pods, replica sets and the status of a quota change by themselves, every hour.
const KINDS: &str = "CronJob,DaemonSet,Deployment,Ingress,LimitRange,NetworkPolicy,Role,RoleBinding,Secret,Service,\
    ServiceAccount,StatefulSet";

/// What is read.
pub(super) type History = Load<Stamped<Page<Change>>>;

/// Reads it.
pub(super) fn read(here: Here, name: Signal<String>) -> History {
    load(move || {
        let at = here.at();
        let until = at.at.unwrap_or_else(present);
        api::changes::list(&ChangeQuery {
            cluster: at.cluster,
            at: at.at,
            since: Some(until - WINDOW),
            namespace: Some(name.get()),
            kind: Some(KINDS.into()),
            limit: Some(SHOWN),
            ..Default::default()
        })
    })
}

/// The card.
pub(super) fn history(here: Here, history: History) -> AnyView {
    let note = "newest first, 30 days";
    view! {
        <Card id="history" title="History" note=note>
            {loaded(history, "changes", || table_skeleton(4), move |history| shown(here, &history.body))}
        </Card>
    }
    .into_any()
}

fn shown(here: Here, page: &Page<Change>) -> AnyView {
    if page.items.is_empty() {
        return view! { <p class="card-body muted">"Nothing that people change has changed."</p> }.into_any();
    }
    let more = page.total.saturating_sub(page.items.len() as u64);
    let more = (more > 0)
        .then(|| view! { <div class="card-foot">{format!("and {} before that", format::number(more))}</div> });
    view! { <div><div class="card-body">{changes(here, &page.items)}</div>{more}</div> }.into_any()
}
