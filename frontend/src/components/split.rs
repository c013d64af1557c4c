//! The verdict bar: manual is dotted and not evaluated hatched, so that neither looks like a pass.

use leptos::prelude::*;
use shared::score::VerdictCounts;

/// The bar, with its numbers in words.
pub(crate) fn split(counts: &VerdictCounts) -> AnyView {
    let total = counts.total().max(1);
    let part = move |class: &'static str, n: u32| {
        let width = format!("{:.1}%", f64::from(n) * 100.0 / f64::from(total));
        (n > 0).then(|| view! { <i class=class style:width=width></i> })
    };
    view! {
        <div class="split" role="img" aria-label=words(counts)>
            {part("pass", counts.pass)}
            {part("excepted", counts.excepted)}
            {part("fail", counts.fail)}
            {part("manual", counts.manual)}
            {part("unknown", counts.not_evaluated)}
        </div>
    }
    .into_any()
}

fn words(counts: &VerdictCounts) -> String {
    let accepted = if counts.excepted > 0 {
        format!(", {} accepted", counts.excepted)
    } else {
        String::new()
    };
    let VerdictCounts {
        pass,
        fail,
        manual,
        not_evaluated,
        ..
    } = counts;
    format!("{pass} pass, {fail} fail{accepted}, {manual} manual, {not_evaluated} not evaluated")
}
