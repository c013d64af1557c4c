//! How the findings moved in the window.

use leptos::prelude::*;
use shared::overview::{Movement, Overview};

use super::window::Window;
use crate::components::card::Card;
use crate::components::change::changes;
use crate::components::icon::{Icon, icon_small};
use crate::components::link::link;
use crate::format;
use crate::here::{Here, at_param};

/// The ledger from then to now, and the latest changes.
pub(super) fn movement(here: Here, window: Window, overview: &Overview) -> AnyView {
    let movement = &overview.movement;
    let end = overview.history.last().map_or(movement.since, |point| point.at);
    let title = format!("Since {}", format::day(movement.since, end));
    let young = movement.since > window.start(end) + chrono::TimeDelta::hours(12);
    let note = if young {
        "the first snapshot".to_owned()
    } else {
        String::new()
    };
    let latest = if movement.latest.is_empty() {
        view! { <p class="muted">"Nothing changed."</p> }.into_any()
    } else {
        changes(here, &movement.latest)
    };
    let ledger = ledger(here, movement);
    view! {
        <Card id="since" class="c4 fill" title=title note=note>
            <div class="card-body">{ledger}{latest}</div>
        </Card>
    }
    .into_any()
}

fn ledger(here: Here, movement: &Movement) -> AnyView {
    let since = at_param(movement.since);
    let Movement {
        open_before,
        new,
        reopened,
        fixed,
        open_now,
        ..
    } = *movement;
    view! {
        <dl class="ledger">
            {line(here, None, "Open then", ("", open_before), "", format!("/findings?at={since}"))}
            {line(here, Some(Icon::Plus), "New", ("+", new), "t-fail", format!("/findings?firstSeenAfter={since}"))}
            {line(here, Some(Icon::Refresh), "Reopened", ("+", reopened), "t-fail", "/findings?sort=since".into())}
            {line(here, Some(Icon::Check), "Fixed", ("\u{2212}", fixed), "t-pass", "/findings?status=fixed&sort=since".into())}
            {line(here, None, "Open now", ("", open_now), "sum", "/findings".into())}
        </dl>
    }
    .into_any()
}

/// A line of the ledger; `class` colours the number, or makes it the sum.
fn line(
    here: Here,
    glyph: Option<Icon>,
    label: &'static str,
    (sign, n): (&str, u32),
    class: &'static str,
    to: String,
) -> AnyView {
    let (row, class) = if class == "sum" { ("sum", "") } else { ("", class) };
    let text = format!("{}{}", if n == 0 { "" } else { sign }, format::number(n));
    let number = if n == 0 {
        view! { <span class="zero">{text}</span> }.into_any()
    } else {
        link(here, class, to, text)
    };
    view! { <div class=row><dt>{glyph.map(icon_small)}{label}</dt><dd>{number}</dd></div> }.into_any()
}
