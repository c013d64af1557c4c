//! What to fix first.

use leptos::prelude::*;
use shared::overview::{Fix, Overview};

use crate::components::card::Card;
use crate::components::link::{count_link, link};
use crate::components::severity::severity_glyph;
use crate::components::table::scroll;
use crate::format;
use crate::here::Here;

/// The changes that lift the score most.
pub(super) fn fixes(here: Here, overview: &Overview) -> AnyView {
    let end = link(here, "link", "/findings", "All open findings");
    let body = if overview.fixes.is_empty() {
        none(overview)
    } else {
        table(here, overview)
    };
    view! {
        <Card
            id="fix"
            class="c8 fill"
            title="Fix first"
            note="Ranked by score per change. Each was applied to the model and judged again."
            end=end
        >
            {body}
        </Card>
    }
    .into_any()
}

fn none(overview: &Overview) -> AnyView {
    let text = match overview.open.total() {
        0 => "No finding is open.",
        _ => "No open finding has a patch; each finding says in words what to do.",
    };
    view! { <p class="card-body muted">{text}</p> }.into_any()
}

fn table(here: Here, overview: &Overview) -> AnyView {
    let rows: Vec<_> = overview
        .fixes
        .iter()
        .enumerate()
        .map(|(n, fix)| row(here, n, fix))
        .collect();
    let table = view! {
        <table class="table roomy fixes fits">
            <thead>
                <tr>
                    <th scope="col" class="num">"#"</th>
                    <th scope="col">"Change"</th>
                    <th scope="col" class="num wide">"Closes"</th>
                    <th scope="col" class="num wide">"Opens"</th>
                    <th scope="col" class="num">"Score"</th>
                    <th scope="col" class="tight"><span class="sr">"Patch"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let shown = format::number(overview.fixes.len() as u64);
    let total = format::count(overview.fixes_total, "change", "changes");
    view! {
        {scroll("Changes to make first", table)}
        <div class="card-foot"><span>{shown}" of "{total}" that a patch makes"</span></div>
    }
    .into_any()
}

fn row(here: Here, n: usize, fix: &Fix) -> AnyView {
    let to = format!("/findings?open={}", fix.finding);
    let title = view! {
        {severity_glyph(fix.severity)}
        <span>{fix.title.clone()}<span class="sub mono">{fix.object.to_string()}</span></span>
    };
    let score = format::signed(fix.effect.score);
    let class = if score.starts_with('+') { "num t-pass" } else { "num" };
    let patch = format!("Patch: {}", fix.title);
    let panel = to.clone();
    view! {
        <tr>
            <td class="num tight zero">{n + 1}</td>
            <td>{link(here, "title", to.clone(), title)}</td>
            <td class="num wide">{count_link(here, "", fix.effect.closes, to.clone())}</td>
            <td class="num wide">{count_link(here, "t-fail", fix.effect.opens, to)}</td>
            <td class=class><b>{score}</b></td>
            <td class="tight"><a class="btn small" aria-label=patch href=move || here.link(&panel)>"Patch"</a></td>
        </tr>
    }
    .into_any()
}
