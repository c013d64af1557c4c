//! What is read from the server, and its states: loading, there, being refreshed, failed, forbidden, not found.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::*;

use super::empty::{empty, forbidden};
use super::icon::{Icon, icon, icon_small};
use crate::api::{ApiError, Question, Request};

/// Counts up when everything on the page is to be read again: a snapshot came.
#[derive(Clone, Copy)]
pub(crate) struct Refresh(pub(crate) RwSignal<u32>);

/// What was read, whatever it is. All signals hold this one type, so that they are compiled once and not for each resource.
type Data = Arc<dyn Any + Send + Sync>;

/// Something read from the server. Old data stays while new data is on its way.
pub(crate) struct Load<T> {
    reading: Reading,
    of: PhantomData<fn() -> T>,
}

/// The part of [`Load`] that does not depend on what is read.
#[derive(Clone, Copy)]
struct Reading {
    data: RwSignal<Option<Data>>,
    error: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T: Send + Sync + 'static> Load<T> {
    /// What was read last; none before the first answer, and after one that refused.
    pub(crate) fn get(self) -> Option<T>
    where
        T: Clone,
    {
        self.map(T::clone)
    }

    /// A part of what was read last.
    pub(crate) fn map<U>(self, part: impl FnOnce(&T) -> U) -> Option<U> {
        let data = self.reading.data.get();
        data.as_ref().and_then(|data| data.downcast_ref()).map(part)
    }

    /// Why the last read failed.
    pub(crate) fn error(self) -> Option<ApiError> {
        self.reading.error.get()
    }

    /// Reads again.
    pub(crate) fn reload(self) {
        self.reading.reload();
    }
}

impl Reading {
    fn reload(self) {
        self.again.update(|n| *n += 1);
    }

    fn accept(self, answer: Result<Data, ApiError>) {
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

/// Reads now, and again whenever a signal that `fetch` reads has changed, and with it the question.
pub(crate) fn load<T>(fetch: impl Fn() -> Request<T> + 'static) -> Load<T>
where
    T: Send + Sync + 'static,
{
    load_if(move || Some(fetch()))
}

/// The same, where there may be nothing to ask for; then there is no data.
pub(crate) fn load_if<T>(fetch: impl Fn() -> Option<Request<T>> + 'static) -> Load<T>
where
    T: Send + Sync + 'static,
{
    let ask = move || {
        let Request { question, read } = fetch()?;
        let read: Read = Box::new(move |text| read(text).map(|data| Arc::new(data) as Data));
        Some((question, read))
    };
    Load {
        reading: follow(Box::new(ask)),
        of: PhantomData,
    }
}

/// Reads the body of an answer.
type Read = Box<dyn FnOnce(&str) -> Result<Data, ApiError>>;

/// The part of [`load`] that does not depend on what is read.
fn follow(ask: Box<dyn Fn() -> Option<(Question, Read)>>) -> Reading {
    let reading = Reading {
        data: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(true),
        again: RwSignal::new(0),
    };
    let latest = StoredValue::new(0);
    let refresh = use_context::<Refresh>();
    Effect::new(move |before: Option<(u32, String)>| {
        let (asked, before) = before.unwrap_or_default();
        let turns = reading.again.get() + refresh.map_or(0, |Refresh(refresh)| refresh.get());
        let asking = ask();
        let key = asking
            .as_ref()
            .map(|(question, _)| format!("{turns} {}", question.url()));
        let key = key.unwrap_or_default();
        if asked > 0 && key == before {
            return (asked, key);
        }
        let asked = asked + 1;
        latest.set_value(asked);
        reading.busy.set(asking.is_some());
        match asking {
            Some((question, read)) => send(reading, question, read, (latest, asked)),
            None => reading.data.set(None),
        }
        (asked, key)
    });
    reading
}

/// Asks, and takes the answer unless a later question has made it stale.
fn send(reading: Reading, question: Question, read: Read, (latest, asked): (StoredValue<u32>, u32)) {
    leptos::task::spawn_local(async move {
        let answer = question.ask().await;
        // The page may be gone, too.
        if latest.try_get_value() == Some(asked) {
            reading.busy.set(false);
            reading.accept(answer.and_then(|text| read(&text)));
        }
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
    show: impl Fn(&T) -> AnyView + Send + Sync + 'static,
) -> AnyView
where
    T: Send + Sync + 'static,
{
    let show = move |data: &Data| data.downcast_ref().map(&show);
    staged(load.reading, what, Box::new(shape), Arc::new(show))
}

/// Shows data of one type.
type Show = Arc<dyn Fn(&Data) -> Option<AnyView> + Send + Sync>;

/// The part of [`loaded`] that does not depend on what is read.
fn staged(reading: Reading, what: &'static str, shape: Box<dyn Fn() -> AnyView + Send>, show: Show) -> AnyView {
    let stage = Memo::new(move |_| {
        let (is_there, is_refused) = (reading.data.with(Option::is_some), reading.error.with(Option::is_some));
        match (is_there, is_refused) {
            (true, _) => Stage::There,
            (false, true) => Stage::Refused,
            (false, false) => Stage::Waiting,
        }
    });
    let retry = move || reading.reload();
    let body = move || match stage.get() {
        Stage::Waiting => waiting(what, shape()),
        Stage::Refused => (move || reading.error.get().map(|error| failure(error, what, retry))).into_any(),
        Stage::There => {
            let show = show.clone();
            there(
                reading.busy.into(),
                move || reading.error.get().map(|error| stale(&error, retry)),
                move || reading.data.get().and_then(|data| show(&data)),
            )
        }
    };
    body.into_any()
}

/// A skeleton, for the eye and for those who hear it.
pub(crate) fn waiting(what: &'static str, shape: AnyView) -> AnyView {
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
