//! A page whose chunk is loaded when it is entered, and what stands in its place until then.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use js_sys::Date;
use leptos::prelude::*;

use crate::chunks::Loaded;
use crate::components::heading::{PageHead, crumbs};
use crate::components::icon::{Icon, icon, icon_small};
use crate::components::load::{table_skeleton, waiting};
use crate::dom::find;
use crate::here::use_here;
use crate::prefs::set_attribute;
use crate::shell::section;

/// How many milliseconds it takes until a skeleton is seen: as long as in `app.css`.
const BLINK: f64 = 150.0;

/// Draws a page.
pub(crate) type Draw = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// A page on its way.
type Loading = Pin<Box<dyn Future<Output = Loaded>>>;

/// Draws the page that `code` loads.
pub(crate) fn lazy<F>(code: fn() -> F) -> Draw
where
    F: Future<Output = Loaded> + 'static,
{
    Arc::new(move || draw(Box::pin(code())))
}

/// The part of [`lazy`] that does not depend on the page.
fn draw(mut loading: Loading) -> AnyView {
    // What was loaded before is there at once.
    if let Poll::Ready(loaded) = loading.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        return page(loaded);
    }
    let loaded = RwSignal::new(None);
    let began = Date::now();
    leptos::task::spawn_local(async move {
        let page = loading.await;
        let was_focused = find("h1:focus").is_some();
        if loaded.try_set(Some(page)).is_some() {
            // The reader has gone on.
            return;
        }
        // Where this skeleton is seen already, that of the page takes its place without a blink.
        if Date::now() - began > BLINK {
            set_attribute("data-awaited", Some(""));
        }
        if was_focused {
            request_animation_frame(focus_heading);
        }
    });
    on_cleanup(|| set_attribute("data-awaited", None));
    let body = move || {
        loaded
            .get()
            .map_or_else(|| head_and(wait()), |loaded| untrack(|| page(loaded)))
    };
    body.into_any()
}

fn page(loaded: Loaded) -> AnyView {
    match loaded {
        Ok(page) => page(),
        Err(_) => head_and(failed()),
    }
}

/// The focus stays at the heading, though the page brings another one.
fn focus_heading() {
    _ = find("h1").map(|heading| heading.focus());
}

/// The head as the page will have it, as far as the address tells.
fn head_and(body: AnyView) -> AnyView {
    let here = use_here();
    let path = untrack(|| here.path());
    let (title, to) = section(&path);
    let head = match path == to {
        true => view! { <PageHead title=title/> }.into_any(),
        false => view! { <PageHead title=title crumbs=crumbs(here, &[(title, to)], ())/> }.into_any(),
    };
    view! { {head}{body} }.into_any()
}

fn wait() -> AnyView {
    waiting("page", table_skeleton(12))
}

fn failed() -> AnyView {
    let again = |_| _ = window().location().reload();
    view! {
        <div class="card" role="alert">
            <div class="banner problem in">
                {icon(Icon::Alert)}
                <p>
                    <b>"This page could not be loaded."</b>
                    " The server can't be reached, or was upgraded since you opened Plimsoll; nothing was lost."
                </p>
            </div>
            <div class="card-foot">
                <button type="button" class="btn small" on:click=again>{icon_small(Icon::Refresh)}"Load again"</button>
            </div>
        </div>
    }
    .into_any()
}
