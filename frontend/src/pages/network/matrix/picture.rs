//! The picture: names above and at the left, which stand still while the squares are scrolled.

use std::fmt::Write;

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::drawing::Drawing;
use super::pointing::{Square, moved, reveal, square};
use crate::here::Here;

/// The side of a square with the gap after it, in pixels.
pub(super) const CELL: usize = 13;
/// The room for names above and at the left.
pub(super) const NAMES: usize = 104;
/// Longer names are cut.
const LONGEST: usize = 17;

/// The picture of a drawing, in which a press or an arrow key chooses a square.
pub(super) fn picture(here: Here, drawing: Drawing) -> AnyView {
    let frame = NodeRef::<Div>::new();
    let n = drawing.names.len();
    let paths = paths(&drawing);
    let words = format!(
        "Which of {n} namespaces can reach which. Arrow keys choose two; the same is in the table by namespace."
    );
    let drawing = StoredValue::new(drawing);
    let (from, to) = (here.watch("from"), here.watch("to"));
    let chosen = Memo::new(move |_| drawing.with_value(|drawing| drawing.place(&from.get()?, &to.get()?)));
    let pointed = RwSignal::new(None::<Square>);
    Effect::new(move |_| {
        if let Some(square) = chosen.get() {
            reveal(frame, square);
        }
    });
    let choose = move |(row, column): Square| {
        drawing.with_value(|drawing| {
            let name = |place: usize| drawing.names.get(place).map(String::as_str);
            here.set(&[("from", name(row)), ("to", name(column))]);
        });
    };
    let press = move |event: MouseEvent| {
        if let Some(square) = square(&event, frame, n) {
            choose(square);
        }
    };
    let point = move |event: MouseEvent| {
        let square = square(&event, frame, n);
        if pointed.get_untracked() != square {
            pointed.set(square);
        }
    };
    let key = move |event: KeyboardEvent| {
        if let Some(next) = moved(&event.key(), chosen.get_untracked(), n) {
            event.prevent_default();
            choose(next);
        }
    };
    let told = move |square: Option<Square>| drawing.with_value(|drawing| drawing.told(square?));
    let shown =
        move || told(pointed.get().or(chosen.get())).unwrap_or_else(|| "Point at a square, or press it.".into());
    view! {
        <div
            class="matrix"
            tabindex="0"
            role="region"
            aria-label=words
            node_ref=frame
            on:click=press
            on:keydown=key
            on:mousemove=point
            on:mouseleave=move |_| pointed.set(None)
        >
            <div class="corner"></div>
            {above(drawing, chosen)}
            {beside(drawing, chosen)}
            {squares(n, &paths, chosen)}
        </div>
        <p class="card-foot small" aria-hidden="true">{shown}</p>
        <p class="sr" role="status">{move || told(chosen.get())}</p>
    }
    .into_any()
}

fn above(drawing: StoredValue<Drawing>, chosen: Memo<Option<Square>>) -> AnyView {
    let column = Memo::new(move |_| chosen.get().map(|(_, column)| column));
    let width = drawing.with_value(|drawing| drawing.names.len()) * CELL;
    let name = move |place: usize, name: String| {
        let turned = format!("translate({} {}) rotate(-90)", middle(place), NAMES - 6);
        view! { <text class=move || (column.get() == Some(place)).then_some("on") transform=turned>{name}</text> }
            .into_any()
    };
    let cross = move || {
        column.get().map(
            |place| view! { <rect class="cross" x=(place * CELL).to_string() y="0" width=CELL height=NAMES></rect> },
        )
    };
    view! {
        <svg class="above" width=width height=NAMES aria-hidden="true">{cross}{names(drawing, name)}</svg>
    }
    .into_any()
}

fn beside(drawing: StoredValue<Drawing>, chosen: Memo<Option<Square>>) -> AnyView {
    let row = Memo::new(move |_| chosen.get().map(|(row, _)| row));
    let height = drawing.with_value(|drawing| drawing.names.len()) * CELL;
    let name = move |place: usize, name: String| {
        let (x, y) = ((NAMES - 6).to_string(), middle(place).to_string());
        view! { <text class=move || (row.get() == Some(place)).then_some("on") x=x y=y text-anchor="end">{name}</text> }
            .into_any()
    };
    let cross = move || {
        row.get().map(
            |place| view! { <rect class="cross" x="0" y=(place * CELL).to_string() width=NAMES height=CELL></rect> },
        )
    };
    view! {
        <svg class="beside" width=NAMES height=height aria-hidden="true">{cross}{names(drawing, name)}</svg>
    }
    .into_any()
}

fn names(drawing: StoredValue<Drawing>, name: impl Fn(usize, String) -> AnyView) -> Vec<AnyView> {
    drawing.with_value(|drawing| {
        let names = drawing.names.iter().enumerate();
        names.map(|(place, of)| name(place, shortened(of))).collect()
    })
}

fn squares(n: usize, paths: &[String; 6], chosen: Memo<Option<Square>>) -> AnyView {
    let classes = ["q0", "q1", "q2", "q3", "q4", "q5"];
    let paths = paths.iter().zip(classes);
    let paths: Vec<_> = paths
        .map(|(path, class)| view! { <path class=class d=path.clone()></path> }.into_any())
        .collect();
    let side = n * CELL;
    view! {
        <svg class="squares" width=side height=side aria-hidden="true">
            {move || chosen.get().map(|square| cross(square, side))}
            {paths}
            {move || chosen.get().map(pick)}
        </svg>
    }
    .into_any()
}

/// The squares of each shade, as one path: a page of thousands of elements would be slow.
fn paths(drawing: &Drawing) -> [String; 6] {
    let mut paths: [String; 6] = Default::default();
    let n = drawing.names.len().max(1);
    for (place, shade) in drawing.shades.iter().enumerate() {
        let (row, column) = (place / n, place % n);
        if let Some(path) = paths.get_mut(usize::from(*shade)) {
            // Writing to a text does not fail.
            _ = write!(path, "M{} {}h11v11h-11z", column * CELL + 1, row * CELL + 1);
        }
    }
    paths
}

fn middle(place: usize) -> usize {
    place * CELL + CELL / 2 + 4
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end - 1]),
        None => name.to_owned(),
    }
}

fn cross((row, column): Square, side: usize) -> AnyView {
    view! {
        <rect class="cross" x="0" y=(row * CELL).to_string() width=side height=CELL></rect>
        <rect class="cross" x=(column * CELL).to_string() y="0" width=CELL height=side></rect>
    }
    .into_any()
}

fn pick((row, column): Square) -> AnyView {
    let (x, y) = ((column * CELL).to_string(), (row * CELL).to_string());
    view! { <rect class="pick" x=x y=y width=CELL height=CELL rx="1"></rect> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shortened("kube-system"), "kube-system");
        assert_eq!(shortened("a-very-long-namespace"), "a-very-long-name…");
    }
}
