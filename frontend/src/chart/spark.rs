//! A line the height of a word.

use leptos::prelude::*;

use crate::format;

/// Room above and below, so that the stroke is not cut off.
const ROOM: f32 = 2.3;

/// Less than this many per cent fill a line of shares: a step of one per cent must not look like a leap.
const SHARES: f32 = 25.0;

/// The course of a score, oldest first, with its first and last value in words.
pub(crate) fn spark(values: &[Option<f32>]) -> AnyView {
    drawn(values, 0.0)
}

/// The course of shares, 0 to 1 and oldest first, with the first and last in per cent.
pub(crate) fn spark_of_shares(shares: &[f64]) -> AnyView {
    let values: Vec<Option<f32>> = shares.iter().map(|share| Some((share * 100.0) as f32)).collect();
    drawn(&values, SHARES)
}

fn drawn(values: &[Option<f32>], span: f32) -> AnyView {
    let Some(words) = words(values) else {
        return view! { <span class="zero">"–"</span> }.into_any();
    };
    view! {
        <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label=words>
            <path class="series" d=path(values, span)/>
        </svg>
    }
    .into_any()
}

fn words(values: &[Option<f32>]) -> Option<String> {
    let mut known = values.iter().flatten();
    let first = *known.next()?;
    let last = known.next_back().copied().unwrap_or(first);
    Some(format!(
        "from {} to {}",
        format::score(Some(first)),
        format::score(Some(last))
    ))
}

/// The line in a box of 100 by 20 that is `span` high at least, broken where a value is missing; a single value is a level line.
fn path(values: &[Option<f32>], span: f32) -> String {
    let known = || values.iter().flatten().copied();
    let (low, high) = known().fold((f32::MAX, f32::MIN), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let height = (high - low).max(span);
    let top = (high + low + height) / 2.0;
    let y = |value: f32| {
        if height < 0.05 {
            10.0
        } else {
            ROOM + (top - value) / height * (20.0 - 2.0 * ROOM)
        }
    };
    if let [Some(only)] = values {
        return format!("M0 {0:.1}L100 {0:.1}", y(*only));
    }
    let step = 100.0 / values.len().saturating_sub(1).max(1) as f32;
    let mut out = String::new();
    let mut pen_down = false;
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            out.push(if pen_down { 'L' } else { 'M' });
            out.push_str(&format!("{:.1} {:.1}", at as f32 * step, y(*value)));
        }
        pen_down = value.is_some();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_higher_up() {
        assert_eq!(path(&[Some(60.0), Some(80.0)], 0.0), "M0.0 17.7L100.0 2.3");
    }

    #[test]
    fn no_change_is_a_level_line() {
        assert_eq!(path(&[Some(60.0), Some(60.0)], 0.0), "M0.0 10.0L100.0 10.0");
        assert_eq!(path(&[Some(60.0)], 0.0), "M0 10.0L100 10.0");
    }

    #[test]
    fn a_small_step_stays_small() {
        assert_eq!(path(&[Some(50.0), Some(51.0)], 100.0), "M0.0 10.1L100.0 9.9");
    }

    #[test]
    fn a_missing_value_is_a_gap() {
        assert_eq!(path(&[Some(1.0), None, Some(2.0)], 0.0), "M0.0 17.7M100.0 2.3");
    }

    #[test]
    fn the_words_tell_the_first_and_last_known_value() {
        assert_eq!(
            words(&[None, Some(64.0), Some(70.0), Some(61.6), None]).as_deref(),
            Some("from 64 to 62")
        );
        assert_eq!(words(&[None]), None);
    }
}
