//! What is read from the server, and its states: loading, there, being refreshed, failed, forbidden, not found.

use leptos::prelude::*;

use super::empty::{empty, forbidden};
use super::icon::{Icon, icon, icon_small};
use crate::api::{ApiError, Question, Request};

/// Counts up when everything on the page is to be read again: a snapshot came.
#[derive(Clone, Copy)]
pub(crate) struct Refresh(pub(crate) RwSignal<u32>);

/// Something read from the server. Old data stays while new data is on its way.
pub(crate) struct Load<T: Send + Sync + 'static> {
    data: RwSignal<Option<T>>,
    error: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    /// What was read last; none before the first answer, and after one that refused.
    pub(crate) fn get(self) -> Option<T> {
        self.data.get()
    }

    /// A part of what was read last.
    pub(crate) fn map<U>(self, part: impl FnOnce(&T) -> U) -> Option<U> {
        self.data.with(|data| data.as_ref().map(part))
    }

    /// Why the last read failed.
    pub(crate) fn error(self) -> Option<ApiError> {
        self.error.get()
    }

    /// Reads again.
    pub(crate) fn reload(self) {
        self.again.update(|n| *n += 1);
    }

    fn accept(self, answer: Result<T, ApiError>) {
        match answer {
            Ok(data) => {
                self.error.set(None);
                self.data.set(Some(data));
            }
            Err(error) => {
                // A refusal is an answer about what was asked for now; data of before would belie it.
                if matches!(error.status(), Some(401 | 403 | 404)) {
                    self.data.set(None);
                }
                self.error.set(Some(error));
            }
        }
    }
}

/// Reads now, and again whenever a signal that `fetch` reads has changed.
pub(crate) fn load<T>(fetch: impl Fn() -> Request<T> + 'static) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
{
    load_if(move || Some(fetch()))
}

/// The same, where there may be nothing to ask for; then there is no data.
pub(crate) fn load_if<T>(fetch: impl Fn() -> Option<Request<T>> + 'static) -> Load<T>
where
    T: Clone + Send + Sync + 'static,
{
    let load = Load {
        data: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(true),
        again: RwSignal::new(0),
    };
    let ask = move || {
        let Some(Request { question, read }) = fetch() else {
            load.data.set(None);
            return None;
        };
        let accept: Accept = Box::new(move |answer| load.accept(answer.and_then(|text| read(&text))));
        Some((question, accept))
    };
    follow(Box::new(ask), load.busy, load.again);
    load
}

/// Takes the body of an answer.
type Accept = Box<dyn FnOnce(Result<String, ApiError>)>;

/// The part of [`load`] that does not depend on what is read.
fn follow(ask: Box<dyn Fn() -> Option<(Question, Accept)>>, busy: RwSignal<bool>, again: RwSignal<u32>) {
    let latest = StoredValue::new(0);
    let refresh = use_context::<Refresh>();
    Effect::new(move |asked: Option<u32>| {
        let asked = asked.unwrap_or(0) + 1;
        again.track();
        if let Some(Refresh(refresh)) = refresh {
            refresh.track();
        }
        latest.set_value(asked);
        let asking = ask();
        busy.set(asking.is_some());
        if let Some((question, accept)) = asking {
            leptos::task::spawn_local(async move {
                let answer = question.ask().await;
                // A later question makes this answer stale; and the page may be gone.
                if latest.try_get_value() == Some(asked) {
                    busy.set(false);
                    accept(answer);
                }
            });
        }
        asked
    });
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Waiting,
    Refused,
    There,
}

/// Shows what is read. `what` names it in the plural, for those who wait and for errors; `shape` is its skeleton.
pub(crate) fn loaded<T>(
    load: Load<T>,
    what: &'static str,
    shape: impl Fn() -> AnyView + Send + 'static,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    let stage = Memo::new(
        move |_| match (load.data.with(Option::is_some), load.error.with(Option::is_some)) {
            (true, _) => Stage::There,
            (false, true) => Stage::Refused,
            (false, false) => Stage::Waiting,
        },
    );
    let body = move || match stage.get() {
        Stage::Waiting => waiting(what, shape()),
        Stage::Refused => (move || load.error().map(|error| failure(error, what, move || load.reload()))).into_any(),
        Stage::There => {
            let show = show.clone();
            there(
                load.busy.into(),
                move || load.error().map(|error| stale(&error, move || load.reload())),
                move || load.get().map(&show),
            )
        }
    };
    body.into_any()
}

fn waiting(what: &'static str, shape: AnyView) -> AnyView {
    view! { <div class="stack waiting" role="status" aria-busy="true" aria-label=format!("Loading {what}")>{shape}</div> }
        .into_any()
}

fn there(
    busy: Signal<bool>,
    stale: impl Fn() -> Option<AnyView> + Send + 'static,
    body: impl Fn() -> Option<AnyView> + Send + 'static,
) -> AnyView {
    view! {
        <div class="stack loaded" aria-busy=move || busy.get().to_string()>
            {stale}
            {body}
        </div>
    }
    .into_any()
}

/// Above data that could not be refreshed.
fn stale(error: &ApiError, retry: impl Fn() + Send + 'static) -> AnyView {
    view! {
        <div class="banner problem in" role="alert">
            {icon(Icon::Alert)}
            <p><b>{error.message()}</b>" What you see was read before."</p>
            {retry_button(retry)}
        </div>
    }
    .into_any()
}

/// In the place of data that there is none of.
pub(crate) fn failure(error: ApiError, what: &'static str, retry: impl Fn() + Send + 'static) -> AnyView {
    match error.status() {
        // The way to the sign-in page is taken already.
        Some(401) => ().into_any(),
        Some(403) => forbidden(error.message()),
        Some(404) => empty("There is no such thing here", error.message(), ()),
        _ => failed(&error, what, retry),
    }
}

fn failed(error: &ApiError, what: &'static str, retry: impl Fn() + Send + 'static) -> AnyView {
    let (kind, id) = match error {
        ApiError::Problem(problem) => (
            format!("{} ({})", problem.kind, problem.status),
            problem.instance.clone(),
        ),
        ApiError::Network(message) => (format!("network: {message}"), None),
        ApiError::Decode(message) => (format!("unreadable answer: {message}"), None),
    };
    let id = id.map(|id| view! { <dt>"Id"</dt><dd class="mono">{id}</dd> });
    view! {
        <div class="card" role="alert">
            <div class="banner problem in">
                {icon(Icon::Alert)}
                <p><b>{error.message()}</b>{format!(" The {what} could not be loaded; nothing was lost.")}</p>
            </div>
            <dl class="facts pad"><dt>"Problem"</dt><dd class="mono">{kind}</dd>{id}</dl>
            <div class="card-foot">{retry_button(retry)}</div>
        </div>
    }
    .into_any()
}

fn retry_button(retry: impl Fn() + Send + 'static) -> AnyView {
    view! {
        <button type="button" class="btn small" on:click=move |_| retry()>{icon_small(Icon::Refresh)}"Retry"</button>
    }
    .into_any()
}

/// The skeleton of a card with a table of so many rows.
pub(crate) fn table_skeleton(rows: usize) -> AnyView {
    let row = |n: usize| {
        let width = ["w42", "w33", "w48", "w37", "w44"][n % 5];
        view! {
            <div class="sk-row">
                <span class="skeleton w6"></span>
                <span class=format!("skeleton {width}")></span>
                <span class="skeleton w12"></span>
            </div>
        }
    };
    view! {
        <div class="card">
            <div class="card-head"><span class="skeleton w33"></span></div>
            {(0..rows).map(row).collect_view()}
        </div>
    }
    .into_any()
}
