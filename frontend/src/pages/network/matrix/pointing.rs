//! Which square the pointer or the arrow keys mean, and that it is seen.

use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::picture::{CELL, NAMES};

/// The row and the column of a square.
pub(super) type Square = (usize, usize);

/// The square under the pointer.
pub(super) fn square(event: &MouseEvent, frame: NodeRef<Div>, n: usize) -> Option<Square> {
    let squares = frame.get_untracked()?.query_selector(".squares").ok()??;
    let at = squares.get_bounding_client_rect();
    let place = |offset: f64| {
        (offset >= 0.0)
            .then_some((offset / CELL as f64) as usize)
            .filter(|place| *place < n)
    };
    let column = place(f64::from(event.client_x()) - at.left())?;
    let row = place(f64::from(event.client_y()) - at.top())?;
    Some((row, column))
}

/// The square that an arrow key leads to.
pub(super) fn moved(key: &str, chosen: Option<Square>, n: usize) -> Option<Square> {
    let last = n.checked_sub(1)?;
    let step = |(row, column): Square| match key {
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

/// Scrolls the frame, and not the page, until the square lies beside the names that stand still.
pub(super) fn reveal(frame: NodeRef<Div>, (row, column): Square) {
    if let Some(frame) = frame.get_untracked() {
        frame.set_scroll_top(scrolled(frame.scroll_top(), frame.client_height(), row));
        frame.set_scroll_left(scrolled(frame.scroll_left(), frame.client_width(), column));
    }
}

/// How far a side of so many pixels is to be scrolled, so that a place is seen.
fn scrolled(now: i32, pixels: i32, place: usize) -> i32 {
    let pixel = |of: usize| i32::try_from(of).unwrap_or(i32::MAX);
    let (begin, end) = (pixel(place * CELL), pixel((place + 2) * CELL));
    let room = pixels - pixel(NAMES);
    match room {
        room if begin < now || room <= 0 => begin,
        room => now.max(end - room),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_stay_within_the_picture() {
        assert_eq!(moved("ArrowDown", None, 3), Some((0, 0)));
        assert_eq!(moved("ArrowDown", Some((2, 0)), 3), Some((2, 0)));
        assert_eq!(moved("ArrowRight", Some((2, 0)), 3), Some((2, 1)));
        assert_eq!(moved("Enter", Some((2, 0)), 3), None);
        assert_eq!(moved("ArrowDown", None, 0), None);
    }

    #[test]
    fn the_frame_scrolls_no_further_than_a_square_needs() {
        let pixels = i32::try_from(NAMES + 10 * CELL).unwrap();
        assert_eq!(scrolled(0, pixels, 8), 0);
        assert_eq!(scrolled(0, pixels, 10), 26);
        assert_eq!(scrolled(100, pixels, 3), 39);
        assert_eq!(scrolled(13, pixels, 5), 13);
    }
}
