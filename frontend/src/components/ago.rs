//! Instants: relative in the text, absolute in the title.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::format;
use crate::here::use_here;

/// How often relative times are told anew.
const TICK: Duration = Duration::from_secs(20);

/// The present, moving on while the page is open.
#[derive(Clone, Copy)]
pub(crate) struct Now(ReadSignal<DateTime<Utc>>);

impl Now {
    /// The present; what reads it runs again as it moves on.
    pub(crate) fn get(self) -> DateTime<Utc> {
        self.0.get()
    }
}

/// Lets the present move on for everything below.
pub(crate) fn provide_now() {
    let (now, set_now) = signal(present());
    provide_context(Now(now));
    if let Ok(handle) = set_interval_with_handle(move || set_now.set(present()), TICK) {
        on_cleanup(move || handle.clear());
    }
}

/// The present.
pub(crate) fn use_now() -> Now {
    use_context().unwrap_or_else(|| Now(signal(present()).0))
}

/// The instant looked at, which is the present unless the address names one: what is told of the cluster is told from there.
pub(crate) fn use_then() -> impl Fn() -> DateTime<Utc> + Copy + Send + Sync + 'static {
    let (here, now) = (use_here(), use_now());
    move || here.instant().unwrap_or_else(|| now.get())
}

/// The browser's clock.
pub(crate) fn present() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// `8 min ago`, from the present.
pub(crate) fn ago(at: DateTime<Utc>) -> AnyView {
    let now = use_now();
    time(at, move || format::ago(at, now.get()))
}

/// `8 min ago`, from the instant looked at.
pub(crate) fn ago_then(at: DateTime<Utc>) -> AnyView {
    let then = use_then();
    time(at, move || format::ago(at, then()))
}

/// How long since, at the instant looked at: `82 d`.
pub(crate) fn age(at: DateTime<Utc>) -> AnyView {
    let then = use_then();
    time(at, move || format::span(then() - at))
}

/// `8 Oct 14:05`.
pub(crate) fn when(at: DateTime<Utc>) -> AnyView {
    let now = use_now();
    time(at, move || format::instant(at, now.get()))
}

fn time(at: DateTime<Utc>, text: impl Fn() -> String + Send + 'static) -> AnyView {
    view! { <time datetime=format::machine(at) title=format::absolute(at)>{text}</time> }.into_any()
}
