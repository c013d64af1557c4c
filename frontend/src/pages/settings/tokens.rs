//! API tokens: the list, making one, revoking one.

use leptos::prelude::*;
use shared::tokens::{CreatedToken, NewToken, Scope, Token};

use crate::api;
use crate::components::ago::{ago, present, when};
use crate::components::card::Card;
use crate::components::code::plain_code;
use crate::components::confirm::ConfirmButton;
use crate::components::empty::empty;
use crate::components::form::{Sending, TextField, form_error};
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::components::table::scroll;
use crate::components::tag::{Tone, tag};
use crate::components::toast::use_toasts;

/// How long a token works unless its maker says otherwise.
const DAYS: &str = "90";

/// What the scopes allow, in the words of the form.
const SCOPES: [(Scope, &str); 3] = [
    (Scope::Read, "read: everything but settings"),
    (Scope::Ingest, "ingest: push reports, take snapshots"),
    (Scope::Admin, "admin: everything, users and tokens included"),
];

/// This part of the page.
pub(super) fn part() -> AnyView {
    let tokens = load(api::tokens::list);
    view! {
        <div class="grid">
            <div class="stack c8">{loaded(tokens, "tokens", || table_skeleton(4), move |rows| list(tokens, rows.clone()))}</div>
            <div class="stack c4">{new_token(tokens)}</div>
        </div>
    }
    .into_any()
}

fn list(tokens: Load<Vec<Token>>, rows: Vec<Token>) -> AnyView {
    if rows.is_empty() {
        return empty(
            "No tokens",
            "A token lets a program read this server or push to it.",
            (),
        );
    }
    let table = view! {
        <table class="table roomy">
            <thead>
                <tr>
                    <th scope="col">"For"</th>
                    <th scope="col">"May"</th>
                    <th scope="col">"Made"</th>
                    <th scope="col">"Works until"</th>
                    <th scope="col">"Last used"</th>
                    <th scope="col" class="tight"><span class="sr">"Revoke"</span></th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|token| row(tokens, token)).collect_view()}</tbody>
        </table>
    };
    view! { <section class="card" aria-label="Tokens">{scroll("Tokens table", table)}</section> }.into_any()
}

fn row(tokens: Load<Vec<Token>>, token: Token) -> AnyView {
    let toasts = use_toasts();
    let id = token.id;
    let revoke = move || {
        leptos::task::spawn_local(async move {
            match api::tokens::revoke(id).send().await {
                Ok(()) => toasts.say("The token is revoked"),
                Err(error) => toasts.fail(format!("Not revoked: {}", error.message())),
            }
            tokens.reload();
        });
    };
    let ended = (token.expires_at < present()).then(|| tag(Tone::Warn, "ended"));
    let used = token
        .last_used_at
        .map_or_else(|| view! { <span class="muted">"never"</span> }.into_any(), ago);
    let scopes = token
        .scopes
        .iter()
        .map(|scope| tag(Tone::Plain, scope.as_str()))
        .collect_view();
    view! {
        <tr>
            <th scope="row">{token.name.clone()}</th>
            <td><span class="tags">{scopes}</span></td>
            <td>{when(token.created_at)}<span class="sub">"by "{token.created_by}</span></td>
            <td>{when(token.expires_at)}" "{ended}</td>
            <td>{used}</td>
            <td class="tight">
                <ConfirmButton
                    act="Revoke"
                    question=format!("Revoke the token for {}?", token.name)
                    consequence="What uses it is refused from then on. The tokens that were made with it are revoked as well."
                    on_confirm=revoke
                />
            </td>
        </tr>
    }
    .into_any()
}

fn new_token(tokens: Load<Vec<Token>>) -> AnyView {
    let (name, days) = (RwSignal::new(String::new()), RwSignal::new(DAYS.to_owned()));
    let scopes = RwSignal::new(vec![Scope::Read]);
    let created = RwSignal::new(None::<CreatedToken>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewToken {
            name: name.get_untracked().trim().to_owned(),
            scopes: scopes.get_untracked(),
            days: days.get_untracked().parse().unwrap_or_default(),
        };
        sending.send(api::tokens::create(&new), move |token| {
            created.set(Some(token));
            name.set(String::new());
            tokens.reload();
        });
    };
    view! {
        <Card id="new-token" title="New token">
            <form class="card-body stack tight-gap" on:submit=submit>
                <TextField id="token-name" label="What it is for" value=name hint="1 to 100 characters"/>
                {scope_choice(scopes)}
                <TextField id="token-days" label="Days until it ends" kind="number" value=days hint="1 to 366"/>
                {form_error(sending)}
                <div class="row">
                    <button class="btn primary" aria-disabled=move || sending.busy().to_string()>"Make the token"</button>
                </div>
            </form>
        </Card>
        <div role="status">{move || created.get().map(secret)}</div>
    }
    .into_any()
}

fn scope_choice(scopes: RwSignal<Vec<Scope>>) -> AnyView {
    let choice = move |(scope, words): (Scope, &'static str)| {
        let turn = move |event| {
            let on = event_target_checked(&event);
            scopes.update(|scopes| {
                scopes.retain(|other| *other != scope);
                scopes.extend(on.then_some(scope));
            });
        };
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || scopes.with(|scopes| scopes.contains(&scope)) on:change=turn/>
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field"><legend class="label">"What it may do"</legend>{SCOPES.map(choice).collect_view()}</fieldset>
    }
    .into_any()
}

fn secret(created: CreatedToken) -> AnyView {
    view! {
        <Card id="secret" title=format!("The token for {}", created.token.name) note="shown this once; copy it now">
            <div class="card-body stack tight-gap">
                {plain_code("Authorization", format!("Bearer {}", created.secret))}
            </div>
        </Card>
    }
    .into_any()
}
