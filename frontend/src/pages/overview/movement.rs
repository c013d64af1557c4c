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
    let latest = match (movement.latest.is_empty(), overview.before.is_some()) {
        (true, true) => view! { <p class="muted">"Nothing changed."</p> }.into_any(),
        (true, false) => view! { <p class="muted">"What changes from now on stands here."</p> }.into_any(),
        (false, _) => changes(here, &movement.latest),
    };
    let ledger = match overview.before {
        Some(_) => ledger(here, movement),
        None => young(here, window, movement),
    };
    view! {
        <Card id="since" class="c4 fill" title=title>
            <div class="card-body">{ledger}{latest}</div>
        </Card>
    }
    .into_any()
}

/// No snapshot is as old as the window: what was open then is unknown, and so is what is new.
fn young(here: Here, window: Window, movement: &Movement) -> AnyView {
    view! {
        <dl class="ledger">
            <div>
                <dt>"Open then"</dt>
                <dd><span class="zero" title=format!("no snapshot is {} old yet", window.words())>"–"</span></dd>
            </div>
            {line(here, None, "Open now", ("", movement.open_now), "sum", "/findings".into())}
        </dl>
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
