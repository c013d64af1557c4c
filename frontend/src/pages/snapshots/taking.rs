//! Taking a snapshot, and how far it is.

use leptos::prelude::*;
use shared::snapshots::Progress;
use shared::tokens::Scope;
use shared::verdict::Verdict;

use crate::api;
use crate::components::form::{Sending, form_error};
use crate::components::icon::{Icon, icon};
use crate::components::load::Refresh;
use crate::components::progress::progress;
use crate::components::toast::use_toasts;
use crate::components::verdict::verdict_with;
use crate::format;
use crate::here::Here;
use crate::shell::use_frame;

/// A snapshot on its way.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Taking {
    progress: RwSignal<Progress>,
    sending: Sending,
}

impl Taking {
    /// Whether a snapshot was stored.
    pub(in crate::pages) fn is_done(self) -> bool {
        self.progress.with(|progress| matches!(progress, Progress::Done { .. }))
    }
}

/// Follows the cluster's progress while the page is open; `ended` is called when a snapshot came to nothing.
pub(in crate::pages) fn watch(here: Here, ended: impl Fn() + Copy + 'static) -> Taking {
    let taking = Taking {
        progress: RwSignal::new(Progress::Idle),
        sending: Sending::new(),
    };
    let refresh = use_context::<Refresh>();
    let toasts = use_toasts();
    let stream = StoredValue::new_local(None);
    let tell = move |progress: Progress| {
        let before = taking.progress.try_get_untracked();
        if before.as_ref().is_none_or(|before| *before == progress) {
            return;
        }
        // What had ended before the page was opened is no news.
        let news = before != Some(Progress::Idle);
        match progress {
            Progress::Done { .. } if news => {
                toasts.say("The snapshot is taken");
                if let Some(Refresh(refresh)) = refresh {
                    refresh.update(|n| *n += 1);
                }
            }
            Progress::Failed { .. } if news => ended(),
            _ => {}
        }
        taking.progress.set(progress);
    };
    Effect::new(move |_| stream.set_value(api::snapshots::watch(here.cluster(), tell)));
    taking
}

fn is_running(progress: &Progress) -> bool {
    matches!(
        progress,
        Progress::Collecting { .. } | Progress::Analysing | Progress::Storing
    )
}

/// The button; hidden in the past, and from those who may not.
pub(in crate::pages) fn button(here: Here, taking: Taking) -> AnyView {
    let frame = use_frame();
    let offered = move || here.instant().is_none() && (frame.can(Scope::Ingest) || frame.can(Scope::Admin));
    let running = move || taking.sending.busy() || taking.progress.with(is_running);
    let press = move |_| {
        if !untrack(running) {
            let cluster = untrack(|| here.cluster());
            taking.sending.send(api::snapshots::take(cluster), |()| ());
        }
    };
    let button = move || {
        offered().then(|| {
            view! {
                <button type="button" class="btn primary" aria-disabled=move || running().to_string() on:click=press>
                    {icon(Icon::Plus)}
                    "Take a snapshot"
                </button>
            }
        })
    };
    view! { {form_error(taking.sending)}{button} }.into_any()
}

/// How far it is; nothing where none is on its way.
pub(in crate::pages) fn card(taking: Taking) -> Option<AnyView> {
    match taking.progress.get() {
        Progress::Idle | Progress::Done { .. } => None,
        Progress::Failed { reason } => Some(failed(reason)),
        Progress::Collecting {
            kinds_done,
            kinds_total,
            objects,
        } => {
            let amount = format!(
                "{kinds_done} of {kinds_total} kinds, {}",
                format::count(objects, "object", "objects")
            );
            Some(running(0, progress("Kinds collected", kinds_done, kinds_total), amount))
        }
        Progress::Analysing => Some(running(1, progress("Steps done", 1, 3), "Judging what was read".into())),
        Progress::Storing => Some(running(
            2,
            progress("Steps done", 2, 3),
            "Storing what came of it".into(),
        )),
    }
}

fn running(step: usize, bar: AnyView, amount: String) -> AnyView {
    let steps = ["Collect", "Analyse", "Store"]
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let (state, word) = match index.cmp(&step) {
                std::cmp::Ordering::Less => (Verdict::Pass, "done"),
                std::cmp::Ordering::Equal => (Verdict::Manual, "under way"),
                std::cmp::Ordering::Greater => (Verdict::NotEvaluated, "to come"),
            };
            view! { <li>{verdict_with(state, view! { {name}<span class="sr">": "{word}</span> })}</li> }
        });
    view! {
        <section class="card" aria-label="Snapshot on its way">
            <div class="pad stack tight-gap">
                <p><b>"Taking a snapshot"</b></p>
                {bar}
                <p class="muted small">{amount}</p>
                <ul class="steps">{steps.collect_view()}</ul>
                <p class="muted small">"The one before stays readable; you can leave this page."</p>
            </div>
        </section>
    }
    .into_any()
}

fn failed(reason: String) -> AnyView {
    view! {
        <div class="card" role="alert">
            <div class="banner problem in">
                {icon(Icon::Alert)}
                <p><b>"The snapshot failed: "{reason}</b>" Nothing was stored; the one before stays readable."</p>
            </div>
        </div>
    }
    .into_any()
}
