//! The window that the overview compares with: part of the address.

use leptos::prelude::*;

use crate::here::Here;

/// How far back is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Window {
    Day,
    Week,
    Month,
}

impl Window {
    const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The window of that word; a week where there is none.
    pub(super) fn from_param(param: Option<&str>) -> Self {
        Self::ALL
            .into_iter()
            .find(|window| Some(window.param()) == param)
            .unwrap_or(Self::Week)
    }

    /// The word in the address and on the wire.
    pub(super) fn param(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// In words: `7 days`.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Day => "24 h",
            Self::Week => "7 days",
            Self::Month => "30 days",
        }
    }

    /// As the head of a narrow column: `7 d`.
    pub(super) fn short(self) -> &'static str {
        match self {
            Self::Day => "24 h",
            Self::Week => "7 d",
            Self::Month => "30 d",
        }
    }
}

/// The choice of a window.
pub(super) fn choice(here: Here, chosen: Window) -> AnyView {
    let one = move |window: Window| {
        let param = (window != Window::Week).then(|| window.param());
        let current = (window == chosen).then_some("true");
        view! {
            <a data-noscroll aria-current=current href=move || here.with(&[("window", param)])>{window.words()}</a>
        }
    };
    let all = Window::ALL.map(one).collect_view();
    view! { <div class="segment" role="group" aria-label="Compare with">{all}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_window_is_a_week() {
        assert!(Window::from_param(Some("30d")) == Window::Month);
        assert!(Window::from_param(Some("1y")) == Window::Week);
        assert!(Window::from_param(None) == Window::Week);
    }
}
