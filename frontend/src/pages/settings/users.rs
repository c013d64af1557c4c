//! People who may sign in: the list, adding one, removing one.

use leptos::prelude::*;
use shared::users::{CreatedUser, NewUser, User};

use crate::api;
use crate::components::ago::{ago, when};
use crate::components::card::Card;
use crate::components::code::plain_code;
use crate::components::confirm::ConfirmButton;
use crate::components::form::{Sending, TextField, form_error};
use crate::components::load::{Load, load, loaded, table_skeleton};
use crate::components::table::scroll;
use crate::components::tag::{Tone, tag};
use crate::components::toast::use_toasts;
use crate::shell::use_frame;

/// This part of the page.
pub(super) fn part() -> AnyView {
    let users = load(api::users::list);
    view! {
        <div class="grid">
            <div class="stack c8">{loaded(users, "users", || table_skeleton(4), move |rows| list(users, rows.clone()))}</div>
            <div class="stack c4">{new_user(users)}</div>
        </div>
    }
    .into_any()
}

fn list(users: Load<Vec<User>>, rows: Vec<User>) -> AnyView {
    let own = untrack(|| use_frame().session.map(|session| session.user.clone())).unwrap_or_default();
    let rows = rows.into_iter().map(|user| row(users, user, &own)).collect_view();
    let table = view! {
        <table class="table roomy">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Added"</th>
                    <th scope="col">"Last signed in"</th>
                    <th scope="col" class="tight"><span class="sr">"Remove"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! { <section class="card" aria-label="Users">{scroll("Users table", table)}</section> }.into_any()
}

fn row(users: Load<Vec<User>>, user: User, own: &str) -> AnyView {
    let admin = user.admin.then(|| tag(Tone::Plain, "administrator"));
    let seen = user
        .last_sign_in
        .map_or_else(|| view! { <span class="muted">"never"</span> }.into_any(), ago);
    let last = match user.name == own {
        true => view! { <span class="muted">"you"</span> }.into_any(),
        false => remove(users, user.name.clone()),
    };
    view! {
        <tr>
            <th scope="row"><span class="row">{user.name}{admin}</span></th>
            <td>{when(user.created_at)}</td>
            <td>{seen}</td>
            <td class="tight">{last}</td>
        </tr>
    }
    .into_any()
}

fn remove(users: Load<Vec<User>>, name: String) -> AnyView {
    let toasts = use_toasts();
    let question = format!("Remove {name}?");
    let name = StoredValue::new(name);
    let act = move || {
        let name = name.get_value();
        leptos::task::spawn_local(async move {
            match api::users::remove(&name).send().await {
                Ok(()) => toasts.say(format!("{name} is removed")),
                Err(error) => toasts.fail(format!("Not removed: {}", error.message())),
            }
            users.reload();
        });
    };
    view! {
        <ConfirmButton act="Remove" question=question consequence="They are signed out everywhere, at once. The tokens that they made are revoked." on_confirm=act/>
    }
    .into_any()
}

fn new_user(users: Load<Vec<User>>) -> AnyView {
    let (name, admin) = (RwSignal::new(String::new()), RwSignal::new(false));
    let created = RwSignal::new(None::<CreatedUser>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let new = NewUser {
            name: name.get_untracked().trim().to_owned(),
            admin: admin.get_untracked(),
        };
        sending.send(api::users::create(&new), move |user| {
            created.set(Some(user));
            name.set(String::new());
            admin.set(false);
            users.reload();
        });
    };
    view! {
        <Card id="new-user" title="Add a user">
            <form class="card-body stack tight-gap" on:submit=submit>
                <TextField id="user-name" label="Name" value=name hint="1 to 64 of a-z, 0-9 and . _ @ -"/>
                <label class="choice">
                    <input
                        type="checkbox"
                        prop:checked=move || admin.get()
                        on:change=move |event| admin.set(event_target_checked(&event))
                    />
                    <span>"Administers Plimsoll"</span>
                </label>
                {form_error(sending)}
                <div class="row">
                    <button class="btn primary" aria-disabled=move || sending.busy().to_string()>"Add"</button>
                </div>
            </form>
        </Card>
        <div role="status">{move || created.get().map(link)}</div>
    }
    .into_any()
}

fn link(created: CreatedUser) -> AnyView {
    let origin = window().location().origin().unwrap_or_default();
    let title = format!("The sign-in link of {}", created.user.name);
    view! {
        <Card id="link" title=title note="shown this once; works once, for 24 hours">
            <div class="card-body">{plain_code("Link", format!("{origin}{}", created.sign_in_path))}</div>
        </Card>
    }
    .into_any()
}
