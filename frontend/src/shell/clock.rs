//! Which instant is looked at, and stepping through it by snapshot.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::page::MAX_LIMIT;
use shared::snapshots::{Outcome, SnapshotQuery, SnapshotRow};

use super::{Frame, Open};
use crate::api::{self, ApiError};
use crate::components::ago::use_now;
use crate::components::icon::{Icon, icon};
use crate::components::toast::{Toasts, use_toasts};
use crate::format;
use crate::here::{Here, at_param};

/// Which way to step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Earlier,
    Later,
}

/// The arrows, and between them the instant.
pub(super) fn clock(here: Here, frame: Frame, open: Open) -> AnyView {
    let now = use_now();
    let toasts = use_toasts();
    let past = move || here.instant().is_some();
    let face = move || match (here.instant(), taken_at(frame)) {
        (Some(at), _) => view! { <b>{format::instant(at, now.get())}</b><small>"UTC"</small> }.into_any(),
        (None, Some(at)) => view! { <b>"Now"</b><small>{format::clock(at)}" UTC"</small> }.into_any(),
        (None, None) => view! { <b>"Now"</b> }.into_any(),
    };
    view! {
        <div class="clock" class:past=past role="group" aria-label="Point in time">
            <button type="button" aria-label="Earlier snapshot" on:click=move |_| step(here, frame, toasts, Way::Earlier)>
                {icon(Icon::Left)}
            </button>
            <button type="button" aria-haspopup="dialog" title="Pick a point in time ( @ )" on:click=move |_| open.time.set(true)>
                {move || icon(if past() { Icon::Past } else { Icon::Clock })}
                {face}
            </button>
            <button
                type="button"
                aria-label="Later snapshot"
                disabled=move || !past()
                on:click=move |_| step(here, frame, toasts, Way::Later)
            >
                {icon(Icon::Right)}
            </button>
        </div>
    }
    .into_any()
}

/// The instant of the snapshot that is shown.
fn taken_at(frame: Frame) -> Option<DateTime<Utc>> {
    frame
        .overview
        .map(|overview| overview.as_of.as_ref().map(|as_of| as_of.taken_at))?
}

fn step(here: Here, frame: Frame, toasts: Toasts, way: Way) {
    let Some(from) = untrack(|| taken_at(frame).or_else(|| here.instant())) else {
        return;
    };
    leptos::task::spawn_local(async move {
        match neighbour(here, from, way).await {
            Ok(Some(Step::To(at))) => here.set(&[("at", Some(&at_param(at)))]),
            Ok(Some(Step::Now)) => here.set(&[("at", None)]),
            Ok(None) => toasts.say("There is no earlier snapshot"),
            Err(error) => toasts.fail(error.message()),
        }
    });
}

/// Where a step leads.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    To(DateTime<Utc>),
    Now,
}

/// The snapshot beside `from`, read page by page from the newest on.
async fn neighbour(here: Here, from: DateTime<Utc>, way: Way) -> Result<Option<Step>, ApiError> {
    let cluster = untrack(|| here.cluster());
    let mut seen: Vec<DateTime<Utc>> = Vec::new();
    let mut cursor = None;
    loop {
        let query = SnapshotQuery {
            cluster,
            cursor,
            limit: Some(MAX_LIMIT),
            at: None,
        };
        let page = api::snapshots::list(&query).send().await?;
        seen.extend(
            page.items
                .iter()
                .filter(|row| row.outcome != Outcome::Failed)
                .map(taken),
        );
        let passed = seen.last().is_some_and(|oldest| *oldest < from);
        cursor = page.next;
        if passed || cursor.is_none() {
            return Ok(beside(&seen, from, way));
        }
    }
}

fn taken(row: &SnapshotRow) -> DateTime<Utc> {
    row.taken_at
}

/// Among instants, newest first, the one beside `from`. After the newest comes now.
fn beside(newest_first: &[DateTime<Utc>], from: DateTime<Utc>, way: Way) -> Option<Step> {
    match way {
        Way::Earlier => newest_first.iter().find(|at| **at < from).map(|at| Step::To(*at)),
        Way::Later => match newest_first.iter().rposition(|at| *at > from) {
            None | Some(0) => Some(Step::Now),
            Some(index) => newest_first.get(index).map(|at| Step::To(*at)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: &[u32]) -> Vec<DateTime<Utc>> {
        hours
            .iter()
            .map(|hour| format!("2026-10-08T{hour:02}:00:00Z").parse().unwrap())
            .collect()
    }

    #[test]
    fn a_step_goes_to_the_nearest_snapshot() {
        let all = hours(&[12, 11, 10, 9]);
        assert_eq!(beside(&all, all[1], Way::Earlier), Some(Step::To(all[2])));
        assert_eq!(beside(&all, all[2], Way::Later), Some(Step::To(all[1])));
    }

    #[test]
    fn after_the_newest_comes_now_and_before_the_oldest_nothing() {
        let all = hours(&[12, 11, 10]);
        assert_eq!(beside(&all, all[1], Way::Later), Some(Step::Now));
        assert_eq!(beside(&all, all[2], Way::Earlier), None);
    }
}
