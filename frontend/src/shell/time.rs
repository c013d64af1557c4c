//! The choice of an instant: any, or one of the last snapshots.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use leptos::prelude::*;
use shared::snapshots::{Outcome, SnapshotRow};

use super::{Frame, Open};
use crate::components::ago::{present, when};
use crate::components::dialog::Dialog;
use crate::format;
use crate::here::{Here, at_param};

const SHOWN: usize = 12;

/// The dialog behind the clock.
pub(super) fn dialog(here: Here, frame: Frame, open: Open) -> AnyView {
    let go = move |at: Option<DateTime<Utc>>| {
        open.time.set(false);
        let at = at.map(at_param);
        here.set(&[("at", at.as_deref()), ("cursor", None)]);
    };
    view! {
        <Dialog open=open.time label="Pick a point in time">
            <div class="palette sheet">
                <h2>"Show the cluster as of"</h2>
                {any_instant(here, go)}
                {shortcuts(go)}
                <h3>"Last snapshots"</h3>
                <ul class="instants">{move || recent(here, frame, open)}</ul>
            </div>
        </Dialog>
    }
    .into_any()
}

fn any_instant(here: Here, go: impl Fn(Option<DateTime<Utc>>) + Copy + Send + Sync + 'static) -> AnyView {
    let start = untrack(|| here.instant()).unwrap_or_else(present);
    let typed = RwSignal::new(to_input(start));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(at) = from_input(&typed.get_untracked()) {
            go(Some(at));
        }
    };
    view! {
        <form class="row" on:submit=send>
            <label class="field">
                <span class="label">"Date and time, UTC"</span>
                <input
                    class="input"
                    type="datetime-local"
                    required
                    autofocus
                    max=to_input(present())
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </label>
            <button class="btn primary">"Show"</button>
            <button type="button" class="btn" on:click=move |_| go(None)>"Now"</button>
        </form>
    }
    .into_any()
}

fn shortcuts(go: impl Fn(Option<DateTime<Utc>>) + Copy + Send + Sync + 'static) -> AnyView {
    let shortcut = move |(label, hours): (&'static str, i64)| {
        let press = move |_| go(Some(present() - TimeDelta::hours(hours)));
        view! { <button type="button" class="btn small" on:click=press>{label}</button> }
    };
    let all = [
        ("1 h ago", 1),
        ("Yesterday", 24),
        ("A week ago", 168),
        ("30 days ago", 720),
    ];
    view! { <div class="row">{all.map(shortcut).collect_view()}</div> }.into_any()
}

fn recent(here: Here, frame: Frame, open: Open) -> AnyView {
    let rows = frame.snapshots.get().map(|page| page.items).unwrap_or_default();
    let item = move |row: SnapshotRow| {
        let href = here.with(&[("at", Some(&at_param(row.taken_at))), ("cursor", None)]);
        let score = format::score(row.score.and_then(|score| score.value));
        let open_findings = format::count(row.open.total(), "finding", "findings");
        view! {
            <li>
                <a href=href data-noscroll on:click=move |_| open.time.set(false)>
                    <span>{when(row.taken_at)}</span>
                    <small>{format!("score {score}, {open_findings}")}</small>
                </a>
            </li>
        }
    };
    rows.into_iter()
        .filter(|row| row.outcome != Outcome::Failed)
        .take(SHOWN)
        .map(item)
        .collect_view()
        .into_any()
}

/// An instant as the browser's field takes it: to the minute, without a zone.
fn to_input(at: DateTime<Utc>) -> String {
    format::machine(at).chars().take(16).collect()
}

fn from_input(text: &str) -> Option<DateTime<Utc>> {
    let with_seconds = if text.len() == 16 {
        format!("{text}:00")
    } else {
        text.to_owned()
    };
    with_seconds.parse::<NaiveDateTime>().ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_read_as_utc() {
        let at: DateTime<Utc> = "2026-10-08T14:05:00Z".parse().unwrap();
        assert_eq!(to_input(at), "2026-10-08T14:05");
        assert_eq!(from_input("2026-10-08T14:05"), Some(at));
        assert_eq!(from_input(""), None);
    }
}
