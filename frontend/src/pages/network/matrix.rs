//! Which namespace can reach which: a square for each two, darker the more pairs of pods are open. A press, or the arrow keys,
//! choose one, and beside it stands who is connected.

use std::fmt::Write;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;
use shared::network::coverage::Coverage;
use wasm_bindgen::JsCast;

use super::pair;
use crate::components::empty::empty;
use crate::components::link::link;
use crate::format;
use crate::here::Here;

/// The side of a square with the gap after it, in pixels.
const CELL: usize = 13;
/// The room for names above and at the left.
const NAMES: usize = 104;
/// More namespaces are no picture; the table has them all.
const MOST: usize = 120;
/// Longer names are cut.
const LONGEST: usize = 17;

/// Namespaces in the order in which they are drawn, and how dark each square is.
#[derive(Clone, PartialEq)]
struct Drawing {
    names: Vec<String>,
    /// Row by row, from 0 to 5.
    shades: Vec<u8>,
    /// Row by row: pairs that are open wholly, those in part, and all.
    pairs: Vec<(u64, u64, u64)>,
    left_out: usize,
}

/// The card, and beside it who is connected.
pub(super) fn card(here: Here, coverage: &Coverage) -> AnyView {
    let by_name = here.param("order").as_deref() == Some("name");
    let drawing = drawing(coverage, by_name);
    if drawing.names.is_empty() {
        return empty(
            "There are no pods",
            "Where pods run, it stands here who can reach them.",
            (),
        );
    }
    let choose = move |event: leptos::ev::Event| {
        let order = event_target_value(&event);
        here.set(&[("order", (order == "name").then_some("name"))]);
    };
    let left_out = (drawing.left_out > 0).then(|| {
        let text = format!(
            "{} more are left out of the picture. ",
            format::number(drawing.left_out as u64)
        );
        view! { <span>{text}{link(here, "link", "/network?view=namespaces", "All of them as a table")}</span> }
    });
    view! {
        <div class="grid">
            <section class="card c7" aria-labelledby="matrix">
                <div class="card-head">
                    <h2 id="matrix">"Who can reach whom"</h2>
                    <p>"from the row, to the column"</p>
                    <div class="end">
                        <select class="select" aria-label="Order" on:change=choose>
                            <option value="open" selected=!by_name>"Most open first"</option>
                            <option value="name" selected=by_name>"A to Z"</option>
                        </select>
                    </div>
                </div>
                {picture(here, drawing)}
                <div class="card-foot">{legend()}{left_out}</div>
            </section>
            <div class="stack c5">{move || pair::card(here)}</div>
        </div>
    }
    .into_any()
}

fn drawing(coverage: &Coverage, by_name: bool) -> Drawing {
    let all = &coverage.namespaces;
    let n = all.len();
    let cell = |from: usize, to: usize| {
        let (one, other) = (u64::from(all[from].protection.pods), u64::from(all[to].protection.pods));
        let pairs = if from == to {
            one * one.saturating_sub(1)
        } else {
            one * other
        };
        let of = |cells: &[u64]| cells.get(from * n + to).copied().unwrap_or_default();
        (of(&coverage.matrix.open), of(&coverage.matrix.part), pairs)
    };
    let mut places: Vec<usize> = (0..n).filter(|place| all[*place].protection.pods > 0).collect();
    if !by_name {
        let open_to = |to: usize| {
            let (open, pairs) = (0..n)
                .map(|from| cell(from, to))
                .fold((0, 0), |(open, all), (whole, part, pairs)| {
                    (open + whole + part, all + pairs)
                });
            open as f64 / (pairs as f64).max(1.0)
        };
        let mut measured: Vec<(usize, f64)> = places.iter().map(|place| (*place, open_to(*place))).collect();
        measured.sort_by(|(a, open_a), (b, open_b)| open_b.total_cmp(open_a).then(a.cmp(b)));
        places = measured.into_iter().map(|(place, _)| place).collect();
    }
    let left_out = places.len().saturating_sub(MOST);
    places.truncate(MOST);
    let rows = places.iter().flat_map(|from| places.iter().map(move |to| (*from, *to)));
    let pairs: Vec<_> = rows.map(|(from, to)| cell(from, to)).collect();
    Drawing {
        names: places.iter().map(|place| all[*place].name.clone()).collect(),
        shades: pairs.iter().map(|(open, part, all)| shade(open + part, *all)).collect(),
        pairs,
        left_out,
    }
}

/// How dark a share is: none, to a tenth, a quarter, a half, nine tenths, more.
fn shade(open: u64, all: u64) -> u8 {
    let share = open as f64 / (all as f64).max(1.0);
    match share {
        none if none <= 0.0 => 0,
        share if share <= 0.1 => 1,
        share if share <= 0.25 => 2,
        share if share <= 0.5 => 3,
        share if share <= 0.9 => 4,
        _ => 5,
    }
}

fn legend() -> AnyView {
    let shades = ["none", "to 10 %", "to 25", "to 50", "to 90", "more"]
        .into_iter()
        .enumerate();
    let items: Vec<_> = shades
        .map(|(place, words)| view! { <span><i class=format!("s{place}")></i>{words}</span> })
        .collect();
    view! { <div class="legend"><span>"Share of pairs of pods that are open, if only for some ports"</span>{items}</div> }
        .into_any()
}

fn picture(here: Here, drawing: Drawing) -> AnyView {
    let frame = NodeRef::<Div>::new();
    let n = drawing.names.len();
    let size = NAMES + n * CELL + 2;
    let view_box = format!("0 0 {size} {size}");
    let words = format!(
        "Which of {n} namespaces can reach which. Arrow keys choose two; the same is in the table by namespace."
    );
    let names = StoredValue::new(drawing.names.clone());
    let (from, to) = (here.watch("from"), here.watch("to"));
    let chosen = Memo::new(move |_| {
        let place =
            |name: Option<String>| names.with_value(|all| all.iter().position(|one| Some(one) == name.as_ref()));
        place(from.get()).zip(place(to.get()))
    });
    let choose = move |(row, column): (usize, usize)| {
        names.with_value(|all| {
            here.set(&[
                ("from", all.get(row).map(String::as_str)),
                ("to", all.get(column).map(String::as_str)),
            ])
        });
    };
    let press = move |event: MouseEvent| {
        if let Some(square) = square(&event, frame, n) {
            choose(square);
        }
    };
    let key = move |event: KeyboardEvent| {
        if let Some(next) = moved(&event.key(), chosen.get_untracked(), n) {
            event.prevent_default();
            choose(next);
        }
    };
    let squares = squares(&paths(&drawing));
    let told = move || chosen.get().map(|(row, column)| drawing.told(row, column));
    view! {
        <div class="matrix card-body" tabindex="0" role="region" aria-label=words node_ref=frame on:click=press on:keydown=key>
            <svg width=size.to_string() height=size.to_string() viewBox=view_box aria-hidden="true">
                {move || chosen.get().map(|at| cross(at, n))}
                {squares}
                {labels(names, chosen)}
                {move || chosen.get().map(pick)}
            </svg>
        </div>
        <p class="sr" role="status">{told}</p>
    }
    .into_any()
}

impl Drawing {
    fn told(&self, row: usize, column: usize) -> String {
        let n = self.names.len();
        let (open, part, all) = self.pairs.get(row * n + column).copied().unwrap_or_default();
        let (from, to) = (&self.names[row], &self.names[column]);
        format!("From {from} to {to}: of {all} pairs of pods {open} are open and {part} in part")
    }
}

/// The squares of each shade, as one path.
fn paths(drawing: &Drawing) -> [String; 6] {
    let mut paths: [String; 6] = Default::default();
    let n = drawing.names.len().max(1);
    for (place, shade) in drawing.shades.iter().enumerate() {
        let (row, column) = (place / n, place % n);
        if let Some(path) = paths.get_mut(usize::from(*shade)) {
            // Writing to a text does not fail.
            _ = write!(
                path,
                "M{} {}h11v11h-11z",
                NAMES + column * CELL + 1,
                NAMES + row * CELL + 1
            );
        }
    }
    paths
}

fn squares(paths: &[String; 6]) -> Vec<AnyView> {
    let classes = ["q0", "q1", "q2", "q3", "q4", "q5"];
    let each = paths.iter().zip(classes);
    each.map(|(path, class)| view! { <path class=class d=path.clone()></path> }.into_any())
        .collect()
}

fn labels(names: StoredValue<Vec<String>>, chosen: Memo<Option<(usize, usize)>>) -> AnyView {
    let each = names.with_value(|names| {
        let label = |(place, name): (usize, &String)| {
            let short = shortened(name);
            let middle = NAMES + place * CELL + CELL / 2 + 4;
            let is_row = move || chosen.get().is_some_and(|(row, _)| row == place).then_some("on");
            let is_column = move || chosen.get().is_some_and(|(_, column)| column == place).then_some("on");
            let turned = format!("translate({middle} {}) rotate(-90)", NAMES - 6);
            view! {
                <text class=is_row x=(NAMES - 6).to_string() y=middle.to_string() text-anchor="end">{short.clone()}</text>
                <text class=is_column transform=turned>{short}</text>
            }
            .into_any()
        };
        names.iter().enumerate().map(label).collect::<Vec<_>>()
    });
    each.into_any()
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end - 1]),
        None => name.to_owned(),
    }
}

fn cross((row, column): (usize, usize), n: usize) -> AnyView {
    let (whole, side) = ((NAMES + n * CELL).to_string(), CELL.to_string());
    view! {
        <rect class="cross" x="0" y=(NAMES + row * CELL).to_string() width=whole.clone() height=side.clone()></rect>
        <rect class="cross" x=(NAMES + column * CELL).to_string() y="0" width=side height=whole></rect>
    }
    .into_any()
}

fn pick((row, column): (usize, usize)) -> AnyView {
    let (x, y) = ((NAMES + column * CELL).to_string(), (NAMES + row * CELL).to_string());
    view! { <rect class="pick" x=x y=y width=CELL.to_string() height=CELL.to_string() rx="1"></rect> }.into_any()
}

/// The square under the pointer.
fn square(event: &MouseEvent, frame: NodeRef<Div>, n: usize) -> Option<(usize, usize)> {
    let frame = frame.get_untracked()?;
    let svg = frame.query_selector("svg").ok()??.unchecked_into::<web_sys::Element>();
    let at = svg.get_bounding_client_rect();
    let place = |offset: f64| {
        let inside = offset - NAMES as f64;
        (inside >= 0.0)
            .then_some((inside / CELL as f64) as usize)
            .filter(|place| *place < n)
    };
    let column = place(f64::from(event.client_x()) - at.left())?;
    let row = place(f64::from(event.client_y()) - at.top())?;
    Some((row, column))
}

/// The square that an arrow key leads to.
fn moved(key: &str, chosen: Option<(usize, usize)>, n: usize) -> Option<(usize, usize)> {
    let last = n.checked_sub(1)?;
    let step = |(row, column): (usize, usize)| match key {
        "ArrowUp" => Some((row.saturating_sub(1), column)),
        "ArrowDown" => Some(((row + 1).min(last), column)),
        "ArrowLeft" => Some((row, column.saturating_sub(1))),
        "ArrowRight" => Some((row, (column + 1).min(last))),
        _ => None,
    };
    match chosen {
        Some(at) => step(at),
        None => step((0, 0)).map(|_| (0, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_is_as_light_as_nothing() {
        let shades =
            [(0, 10), (0, 0), (1, 10), (2, 10), (5, 10), (9, 10), (10, 10)].map(|(open, all)| shade(open, all));
        assert_eq!(shades, [0, 0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn arrow_keys_stay_within_the_picture() {
        assert_eq!(moved("ArrowDown", None, 3), Some((0, 0)));
        assert_eq!(moved("ArrowDown", Some((2, 0)), 3), Some((2, 0)));
        assert_eq!(moved("ArrowRight", Some((2, 0)), 3), Some((2, 1)));
        assert_eq!(moved("Enter", Some((2, 0)), 3), None);
        assert_eq!(moved("ArrowDown", None, 0), None);
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("kube-system"), "kube-system");
        assert_eq!(shortened("a-very-long-namespace"), "a-very-long-name…");
    }
}
