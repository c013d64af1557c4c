//! Signing in: by name and password, or by a one-time link, after which a password is set.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::session::{NewPassword, Session, SignIn};

use crate::api;
use crate::components::form::{Sending, TextField, form_error};
use crate::components::heading::document_title;
use crate::components::icon::{Icon, icon_small};
use crate::here::{Here, use_here};

/// The least length of a password, as the server demands it.
const PASSWORD_LENGTH: &str = "12";

/// The page of name and password.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    document_title(|| "Sign in".into());
    let (user, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let with = SignIn::Password {
            user: user.get_untracked(),
            password: password.get_untracked(),
        };
        sending.send(api::session::sign_in(&with), move |session| enter(here, &session));
    };
    let form = view! {
        <form class="signin-form" on:submit=submit>
            <TextField id="user" label="Name" value=user autocomplete="username" class="tall" autofocus=true/>
            <TextField id="password" label="Password" kind="password" value=password autocomplete="current-password" class="tall"/>
            {form_error(sending)}
            <button class="btn primary tall" aria-disabled=move || sending.busy().to_string()>"Sign in"</button>
            <p class="hint">"No password yet? An administrator makes you a one-time link: "<code>"plimsoll user add"</code></p>
        </form>
    };
    frame(form.into_any())
}

/// The page of a one-time link. Its secret stands behind `#`, which browsers never send by themselves.
pub(crate) fn link_page() -> AnyView {
    let here = use_here();
    document_title(|| "Sign in".into());
    let secret = untrack(|| use_location().hash.get()).trim_start_matches('#').to_owned();
    let no_link = secret.is_empty();
    let sending = Sending::new();
    let session = RwSignal::new(None::<Session>);
    let entered = move |answer: Session| {
        // The link is used up, and its secret has no place in the history.
        here.replace("/sign-in/link");
        session.set(Some(answer));
    };
    if no_link {
        sending.send(api::session::current(), move |answer| session.set(Some(answer)));
    } else {
        let with = SignIn::Link { secret };
        sending.send(api::session::sign_in(&with), entered);
    }
    let body = move || match (session.get(), sending.error()) {
        (Some(session), _) if session.needs_password => new_password(here, session),
        (Some(session), _) => signed_in(here, &session),
        (None, Some(_)) if no_link => refused(here, "There is no link in this address.".into()),
        (None, Some(error)) => refused(here, error),
        (None, None) => view! { <p class="muted" role="status">"Signing in…"</p> }.into_any(),
    };
    frame(body.into_any())
}

fn refused(here: Here, error: String) -> AnyView {
    view! {
        <p class="form-error" role="alert">{icon_small(Icon::Alert)}<span>{error}</span></p>
        <p class="hint">"A link works once, and for 24 hours. An administrator can make another."</p>
        <a class="btn tall" href=move || here.link("/sign-in")>"Sign in with a password"</a>
    }
    .into_any()
}

fn signed_in(here: Here, session: &Session) -> AnyView {
    view! {
        <p class="muted">{format!("You are signed in as {}.", session.user)}</p>
        <a class="btn primary tall" href=move || here.link("/")>"Open the overview"</a>
    }
    .into_any()
}

fn new_password(here: Here, session: Session) -> AnyView {
    let (user, password) = (session.user, RwSignal::new(String::new()));
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewPassword {
            current: String::new(),
            new: password.get_untracked(),
        };
        sending.send(api::session::set_password(&new), move |()| here.replace("/"));
    };
    view! {
        <form class="signin-form" on:submit=submit>
            <p>{format!("You are signed in as {user}. Set a password for the next time.")}</p>
            <input class="sr" tabindex="-1" aria-hidden="true" autocomplete="username" readonly prop:value=user.clone()/>
            <TextField
                id="new-password"
                label="New password"
                kind="password"
                value=password
                autocomplete="new-password"
                class="tall"
                hint="At least 12 characters."
                minlength=PASSWORD_LENGTH
                autofocus=true
            />
            {form_error(sending)}
            <button class="btn primary tall" aria-disabled=move || sending.busy().to_string()>"Set the password"</button>
        </form>
    }
    .into_any()
}

/// To where the reader was going.
fn enter(here: Here, session: &Session) {
    if session.needs_password {
        here.replace("/sign-in/link");
    } else {
        let next = untrack(|| here.param("next")).filter(|next| is_own(next));
        here.replace(next.as_deref().unwrap_or("/"));
    }
}

/// Only paths of this page: an address made by someone else must not lead elsewhere after signing in.
fn is_own(next: &str) -> bool {
    let second = next.chars().nth(1);
    next.starts_with('/') && !matches!(second, Some('/' | '\\')) && !next.starts_with("/sign-in")
}

fn frame(body: AnyView) -> AnyView {
    let host = window().location().host().unwrap_or_default();
    view! {
        <main class="signin">
            <div class="signin-card">
                <div class="signin-mark" aria-hidden="true"></div>
                <h1>"Plimsoll"</h1>
                <p class="muted">"How much risk your clusters carry, how that changed, and what to do about it."</p>
                {body}
            </div>
            <footer class="signin-foot"><span>{host}</span></footer>
        </main>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn only_paths_of_the_page_are_followed() {
        assert!(is_own("/findings?severity=high"));
        assert!(!is_own("//example.com") && !is_own("/\\example.com"));
        assert!(!is_own("https://example.com") && !is_own("/sign-in?next=/"));
    }
}
