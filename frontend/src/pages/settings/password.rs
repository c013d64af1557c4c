//! One's own password.

use leptos::prelude::*;
use shared::session::NewPassword;

use crate::api;
use crate::components::card::Card;
use crate::components::form::{Sending, TextField, form_error};
use crate::components::toast::use_toasts;

/// This part of the page.
pub(super) fn part() -> AnyView {
    let toasts = use_toasts();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let password = NewPassword {
            current: current.get_untracked(),
            new: new.get_untracked(),
        };
        sending.send(api::session::set_password(&password), move |()| {
            current.set(String::new());
            new.set(String::new());
            toasts.say("Your password is changed");
        });
    };
    view! {
        <div class="grid">
            <div class="c5">
                <Card id="password" title="Change your password">
                    <form class="card-body stack tight-gap" on:submit=submit>
                        <TextField
                            id="current-password"
                            label="Current password"
                            kind="password"
                            value=current
                            autocomplete="current-password"
                        />
                        <TextField
                            id="new-password"
                            label="New password"
                            kind="password"
                            value=new
                            autocomplete="new-password"
                            hint="At least 12 characters."
                            minlength="12"
                        />
                        {form_error(sending)}
                        <div class="row">
                            <button class="btn primary" aria-disabled=move || sending.busy().to_string()>"Change"</button>
                        </div>
                    </form>
                </Card>
            </div>
        </div>
    }
    .into_any()
}
