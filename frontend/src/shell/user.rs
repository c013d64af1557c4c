//! Who is signed in, and signing out.

use leptos::prelude::*;

use super::Frame;
use crate::api;
use crate::components::menu::Menu;
use crate::components::toast::use_toasts;
use crate::here::Here;

/// The menu behind the initials.
pub(super) fn menu(here: Here, frame: Frame) -> AnyView {
    let toasts = use_toasts();
    let name = move || frame.session.map(|session| session.user.clone()).unwrap_or_default();
    let version = move || frame.session.map(|session| format!("Plimsoll {}", session.version));
    let sign_out = move |_| {
        leptos::task::spawn_local(async move {
            match api::session::sign_out().send().await {
                Ok(()) => here.replace("/sign-in"),
                Err(error) => toasts.fail(format!("Not signed out: {}", error.message())),
            }
        });
    };
    let button = view! { {move || initials(&name())}<span class="sr">", user menu"</span> };
    view! {
        <Menu button=button.into_any() class="avatar" label="User">
            <p class="who"><b>{name}</b><small>{version}</small></p>
            <ul>
                <li><a href=move || here.link("/settings")>"Settings"</a></li>
                <li><a href="/api/docs" rel="external">"API"</a></li>
                <li><button type="button" on:click=sign_out>"Sign out"</button></li>
            </ul>
        </Menu>
    }
    .into_any()
}

/// Two letters: of two words the first of each, of one word its first two.
fn initials(name: &str) -> String {
    let mut words = name.split(['.', '-', '_', '@', ' ']).filter(|word| !word.is_empty());
    let (first, second) = (words.next().unwrap_or_default(), words.next());
    let letters: String = match second {
        Some(second) => first.chars().take(1).chain(second.chars().take(1)).collect(),
        None => first.chars().take(2).collect(),
    };
    letters.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn two_words_give_a_letter_each() {
        assert_eq!(
            [initials("admin"), initials("sam.eriksen"), initials("")],
            ["AD", "SE", ""]
        );
    }
}
