//! Settings: tokens, users, what was done to them, and one's own password.

mod audit;
mod password;
mod tokens;
mod users;

use leptos::prelude::*;
use shared::tokens::Scope;

use crate::components::heading::PageHead;
use crate::components::tabs::{Tab, tabs};
use crate::here::{Here, use_here};
use crate::shell::use_frame;

/// A tab of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Tokens,
    Users,
    Audit,
    Password,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Users => "users",
            Self::Audit => "audit",
            Self::Password => "password",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Users => "Users",
            Self::Audit => "Administrative actions",
            Self::Password => "Your password",
        }
    }
}

/// The page. All but the password is for administrators.
pub(crate) fn page() -> AnyView {
    let here = use_here();
    let frame = use_frame();
    let parts = move || match frame.can(Scope::Admin) {
        true => vec![Part::Tokens, Part::Users, Part::Audit, Part::Password],
        false => vec![Part::Password],
    };
    let tab = here.watch("tab");
    let shown = move || chosen(&parts(), tab.get().as_deref());
    let body = move || {
        // Who is signed in decides what is shown at all.
        frame.session.map(|_| ())?;
        Some(match shown() {
            Part::Tokens => tokens::part(),
            Part::Users => users::part(),
            Part::Audit => audit::part(),
            Part::Password => password::part(),
        })
    };
    view! {
        <PageHead title="Settings"/>
        {move || row(here, &parts(), shown())}
        {body}
    }
    .into_any()
}

fn chosen(parts: &[Part], word: Option<&str>) -> Part {
    let wanted = parts.iter().find(|part| Some(part.word()) == word);
    wanted.or(parts.first()).copied().unwrap_or(Part::Password)
}

fn row(here: Here, parts: &[Part], shown: Part) -> AnyView {
    let tab = |part: &Part| Tab {
        href: here.with(&[("tab", Some(part.word()))]),
        text: part.title().into(),
        count: None,
        current: *part == shown,
    };
    tabs("Settings", parts.iter().map(tab).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_may_not_be_seen_are_not_reached_by_address() {
        assert_eq!(chosen(&[Part::Password], Some("users")), Part::Password);
        assert_eq!(chosen(&[Part::Tokens, Part::Users], Some("users")), Part::Users);
        assert_eq!(chosen(&[Part::Tokens, Part::Users], None), Part::Tokens);
    }
}
