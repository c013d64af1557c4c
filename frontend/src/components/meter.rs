//! How full something is: a bar and its share, which says the same without the bar.

use leptos::prelude::*;

use crate::format;

/// From here on it is nearly full.
pub(crate) const NEAR: f64 = 0.8;
/// From here on it is a finding.
pub(crate) const FULL: f64 = 0.9;

/// The bar and the share; a dash where nothing is known of it. `of` says what it is a share of, for those who hear the page.
pub(crate) fn meter(share: Option<f64>, of: &str) -> AnyView {
    drawn(share, of, class)
}

/// The same of what may be full, and more than that, without anything being wrong.
pub(crate) fn calm_meter(share: Option<f64>, of: &str) -> AnyView {
    drawn(share, of, |_| "meter")
}

fn drawn(share: Option<f64>, of: &str, class: fn(f64) -> &'static str) -> AnyView {
    let Some(share) = share else {
        return view! { <span class="zero" title="not known">"–"</span> }.into_any();
    };
    let width = format!("{:.1}%", share.clamp(0.0, 1.0) * 100.0);
    let text = percent(share);
    let words = format!("{text} of {of}");
    view! {
        <span class="use">
            <span class=class(share) role="img" aria-label=words><i style:width=width></i></span>
            <span class="n" aria-hidden="true">{text}</span>
        </span>
    }
    .into_any()
}

fn class(share: f64) -> &'static str {
    match share {
        full if full >= FULL => "meter bad",
        near if near >= NEAR => "meter warn",
        _ => "meter",
    }
}

/// A share, which may exceed the whole: `93 %`, `140 %`.
pub(crate) fn percent(share: f64) -> String {
    match share {
        more if more > 1.0 => format!("{} %", format::number((more * 100.0).round() as u64)),
        share => format::percent(share as f32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_all_is_told_as_it_is() {
        assert_eq!(
            [0.0, 0.999, 1.0, 1.4, 12.0].map(percent),
            ["0 %", "99 %", "100 %", "140 %", "1,200 %"]
        );
    }

    #[test]
    fn the_colour_changes_where_it_gets_tight() {
        assert_eq!(
            [0.79, 0.8, 0.9, 1.2].map(class),
            ["meter", "meter warn", "meter bad", "meter bad"]
        );
    }
}
