//! Verdicts of controls and the bar of them, and scores beside what they rest on.

use leptos::prelude::*;
use shared::compliance::{ComplianceControl, ComplianceScore, ControlCounts, ControlVerdict};
use shared::verdict::Verdict;

use crate::components::empty::empty;
use crate::components::link::link;
use crate::components::verdict::{verdict, verdict_with};
use crate::format;
use crate::here::Here;

/// In the place of controls before the first snapshot: nothing is decided then, and nothing was left out.
pub(super) fn not_read(here: Here) -> AnyView {
    empty(
        "The cluster was not read yet",
        "What is concluded of controls stands here after the first snapshot.",
        link(here, "btn", "/snapshots", "Snapshots"),
    )
}

/// The glyph and the word.
pub(super) fn control_verdict(of: ControlVerdict) -> AnyView {
    match of {
        ControlVerdict::Pass => verdict(Verdict::Pass),
        ControlVerdict::Fail => verdict(Verdict::Fail),
        ControlVerdict::Manual => verdict(Verdict::Manual),
        ControlVerdict::NotEvaluated => verdict(Verdict::NotEvaluated),
        ControlVerdict::Excepted => verdict(Verdict::Excepted),
        ControlVerdict::NotCovered => verdict_with(Verdict::NotEvaluated, word(of)),
    }
}

/// The word a person reads.
pub(super) fn word(of: ControlVerdict) -> &'static str {
    match of {
        ControlVerdict::Pass => "Pass",
        ControlVerdict::Fail => "Fail",
        ControlVerdict::Manual => "Manual",
        ControlVerdict::NotEvaluated => "Not evaluated",
        ControlVerdict::Excepted => "Accepted",
        ControlVerdict::NotCovered => "Not covered",
    }
}

/// The class that fills a part of a bar.
pub(super) fn fill(of: ControlVerdict) -> &'static str {
    match of {
        ControlVerdict::Pass => "pass",
        ControlVerdict::Fail => "fail",
        ControlVerdict::Manual => "manual",
        ControlVerdict::NotEvaluated => "unknown",
        ControlVerdict::Excepted => "excepted",
        ControlVerdict::NotCovered => "bare",
    }
}

/// What is decided, then what is not.
const BAR: [ControlVerdict; 6] = [
    ControlVerdict::Pass,
    ControlVerdict::Excepted,
    ControlVerdict::Fail,
    ControlVerdict::Manual,
    ControlVerdict::NotEvaluated,
    ControlVerdict::NotCovered,
];

/// The bar, with its numbers in words: manual is dotted, not evaluated hatched, not covered empty.
pub(super) fn bar(counts: &ControlCounts) -> AnyView {
    let total = counts.total().max(1);
    let parts: Vec<_> = BAR
        .into_iter()
        .filter(|verdict| counts.of(*verdict) > 0)
        .map(|verdict| {
            let width = format!("{:.1}%", f64::from(counts.of(verdict)) * 100.0 / f64::from(total));
            view! { <i class=fill(verdict) style:width=width></i> }
        })
        .collect();
    view! { <div class="split" role="img" aria-label=words(counts)>{parts}</div> }.into_any()
}

/// `17 pass, 12 fail`.
pub(super) fn words(counts: &ControlCounts) -> String {
    let some = BAR.into_iter().filter(|verdict| counts.of(*verdict) > 0);
    let words: Vec<String> = some
        .map(|verdict| format!("{} {}", counts.of(verdict), word(verdict).to_lowercase()))
        .collect();
    words.join(", ")
}

/// `29 of 131 controls decided`.
pub(super) fn rests_on(score: &ComplianceScore) -> String {
    let coverage = score.coverage;
    let controls = format::count(coverage.total, "control", "controls");
    format!("{} of {controls} decided", format::number(coverage.decided))
}

/// What its checks looked at: objects, or where several may have looked at the same ones, how many verdicts they gave.
pub(super) fn looked_at(control: &ComplianceControl) -> String {
    match control.checks.len() {
        0 | 1 => format::count(control.evaluated, "object", "objects"),
        checks => {
            let verdicts = format::count(control.evaluated, "verdict", "verdicts");
            format!("{verdicts} of {checks} checks")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_there_is_is_told_and_what_is_decided_first() {
        let counts = ControlCounts {
            not_covered: 2,
            fail: 1,
            pass: 3,
            ..Default::default()
        };
        assert_eq!(words(&counts), "3 pass, 1 fail, 2 not covered");
        assert_eq!(rests_on(&counts.into()), "4 of 6 controls decided");
    }
}
