//! How far policies covered the cluster over time: a line for each of the shares above, and all figures as a table.

use leptos::prelude::*;
use shared::network::coverage::Figures;
use shared::network::history::{CoverageHistory, CoveragePoint};
use shared::page::Stamped;

use crate::api;
use crate::chart::{Line, as_table, shares};
use crate::components::ago::when;
use crate::components::card::card as framed;
use crate::components::link::link;
use crate::components::load::{Load, load, loaded};
use crate::components::table::row;
use crate::format;
use crate::here::{Here, at_param, encode};

/// What is read.
pub(super) type History = Load<Stamped<CoverageHistory>>;

/// Reads it.
pub(super) fn read(here: Here) -> History {
    load(move || api::network::history(here.at()))
}

/// The card.
pub(super) fn card(here: Here, history: History) -> AnyView {
    loaded(history, "coverage over time", skeleton, move |history| {
        shown(here, &history.body)
    })
}

/// As high as the chart, so that nothing moves when that comes.
fn skeleton() -> AnyView {
    frame(view! { <div class="card-body"><div class="skeleton curve"></div></div> }.into_any())
}

fn frame(content: AnyView) -> AnyView {
    framed("over-time", ("Coverage over time", "up to 90 days"), None, content)
}

fn shown(here: Here, history: &CoverageHistory) -> AnyView {
    let line = |label: &'static str, of: fn(&Figures) -> Option<f32>| Line {
        label,
        shares: history
            .points
            .iter()
            .map(|point| (point.taken_at, point.figures.as_ref().and_then(of)))
            .collect(),
    };
    let lines = [
        line("Pods closed to strangers", |it| {
            share(it.ingress.pods.into(), it.pods.into())
        }),
        line("Pods closed for egress", |it| {
            share(it.egress.pods.into(), it.pods.into())
        }),
        line("Pairs of pods that are open", |it| {
            share(it.pairs.open + it.pairs.part, it.pairs.all)
        }),
    ];
    let Some(chart) = shares(&lines, here.instant().is_none()) else {
        let text =
            "Two snapshots must tell how far policies cover the cluster before a line can be drawn between them.";
        return frame(view! { <p class="card-body muted">{text}</p> }.into_any());
    };
    frame(view! { <div class="card-body">{chart}{table(here, history.points.clone())}</div> }.into_any())
}

fn share(part: u64, all: u64) -> Option<f32> {
    (all > 0).then(|| part as f32 / all as f32)
}

/// All points, newest first.
fn table(here: Here, points: Vec<CoveragePoint>) -> AnyView {
    const HEADS: &[(&str, &str)] = &[
        ("", "Snapshot"),
        ("num", "Pods closed to strangers"),
        ("num", "Pods closed for egress"),
        ("num", "Namespaces that deny ingress"),
        ("num", "Namespaces that deny egress"),
        ("num", "Pairs that are open"),
        ("num", "Of them in part"),
    ];
    as_table("Coverage by snapshot", HEADS, move || {
        points.iter().rev().map(|point| one(here, point)).collect()
    })
}

fn one(here: Here, point: &CoveragePoint) -> AnyView {
    let to = format!("/network?at={}", encode(&at_param(point.taken_at)));
    let of = |part: u64, all: u64| format!("{} of {}", format::number(part), format::number(all));
    let told = match &point.figures {
        Some(it) => [
            of(it.ingress.pods.into(), it.pods.into()),
            of(it.egress.pods.into(), it.pods.into()),
            of(it.ingress.namespaces.into(), it.namespaces.into()),
            of(it.egress.namespaces.into(), it.namespaces.into()),
            of(it.pairs.open + it.pairs.part, it.pairs.all),
            format::number(it.pairs.part),
        ],
        None => std::array::from_fn(|_| "–".to_owned()),
    };
    let first = ("", link(here, "link", to, when(point.taken_at)));
    let figures = told.map(|text| ("num", text.into_any()));
    row("", std::iter::once(first).chain(figures).collect())
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn of_nothing_there_is_no_share() {
        assert_eq!([share(0, 0), share(1, 4)], [None, Some(0.25)]);
    }
}
