//! The report in plain words: what a board reads.

use chrono::{DateTime, Utc};
use shared::compliance::{ComplianceScore, ControlVerdict};
use shared::reports::document::{Closed, Moved, Opened, Report};
use shared::score::SeverityCounts;
use shared::verdict::Severity;

/// `1 finding`, `1,904 findings`.
pub(super) fn count(n: u32, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// Thousands are set apart.
pub(super) fn number(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `24 November 2026`.
pub(super) fn day(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y").to_string()
}

/// `24 November 2026, 09:32 UTC`.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// A score: a whole number. Only what is wholly met is 100, and only what is not at all 0.
pub(super) fn score(value: f32) -> String {
    let rounded = value.round();
    let shown = if value >= 100.0 || value <= 0.0 {
        rounded
    } else {
        rounded.clamp(1.0, 99.0)
    };
    format!("{shown:.0}")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `9 critical, 4 high and 2 low`.
pub(super) fn severities(counts: SeverityCounts) -> String {
    let some = Severity::ALL.into_iter().filter(|severity| counts.of(*severity) > 0);
    let words: Vec<String> = some
        .map(|severity| format!("{} {}", number(counts.of(severity)), severity.as_str()))
        .collect();
    list(&words)
}

/// The one sentence to remember.
pub(super) fn headline(report: &Report) -> String {
    let (name, title) = (&report.cluster.name, &report.framework.title);
    let counts = report.score.controls;
    let (met, decided) = (counts.pass + counts.excepted, counts.decided());
    match decided {
        0 => format!("Nothing can be said yet of how {name} stands against {title}."),
        _ if met == decided => format!("{name} meets every control of {title} that could be decided."),
        _ => format!("{name} meets {met} of the {decided} controls of {title} that could be decided."),
    }
}

/// Where we stand.
pub(super) fn standing(report: &Report) -> Vec<String> {
    let mut said = vec![rests_on(&report.score)];
    let open = report.open.total();
    said.push(match open {
        0 => "No open finding counts against it.".into(),
        1 => format!("One open finding counts against it: {}.", severities(report.open)),
        _ => format!(
            "{} open findings count against it: {}.",
            number(open),
            severities(report.open)
        ),
    });
    said
}

/// The score, and what it rests on.
fn rests_on(score: &ComplianceScore) -> String {
    let coverage = score.coverage;
    let undecided = undecided(score);
    let rest = match undecided.is_empty() {
        true => "None is left open.".to_owned(),
        false => format!("Of the rest, {undecided}: that is neither good nor bad news."),
    };
    match score.value {
        Some(value) => format!(
            "The score is {} of 100. It rests on {} of {} controls. {rest}",
            self::score(value),
            number(coverage.decided),
            number(coverage.total)
        ),
        None => format!(
            "There is no score: none of {} could be decided. {rest}",
            count(coverage.total, "control", "controls")
        ),
    }
}

/// How much is undecided, by why.
fn undecided(score: &ComplianceScore) -> String {
    let of = |verdict| score.controls.of(verdict);
    let be = |n: u32| if n == 1 { "is" } else { "are" };
    let (unseen, manual, bare) = (
        of(ControlVerdict::NotEvaluated),
        of(ControlVerdict::Manual),
        of(ControlVerdict::NotCovered),
    );
    let mut words = Vec::new();
    if unseen > 0 {
        words.push(format!("{} could not be evaluated", number(unseen)));
    }
    if manual > 0 {
        words.push(format!("{} {} for a person to look at", number(manual), be(manual)));
    }
    if bare > 0 {
        words.push(format!("{} {} answered by no check yet", number(bare), be(bare)));
    }
    list(&words)
}

/// What moved, and why.
pub(super) fn moved(report: &Report, moved: &Moved) -> Vec<String> {
    let mut said = vec![score_moved(&report.score, moved)];
    said.push(opened(&moved.opened));
    said.push(closed(&moved.closed));
    said.push(match moved.catalogue == report.catalogue {
        true => format!("The checks are the same as then (release {}).", report.catalogue),
        false => format!(
            "The checks are others than then (release {} after {}): what only they changed says nothing of the cluster.",
            report.catalogue, moved.catalogue
        ),
    });
    said
}

/// Since when it is told: `the report of 17 November 2026`.
pub(super) fn since(moved: &Moved) -> String {
    match moved.follows_report {
        true => format!("the report of {}", day(moved.since)),
        false => day(moved.since),
    }
}

fn score_moved(now: &ComplianceScore, moved: &Moved) -> String {
    let since = since(moved);
    let (before, coverage) = (moved.score, now.coverage);
    let Some((was, is)) = before.value.zip(now.value) else {
        return format!("Since {since} the score can't be compared: one of the two is not known.");
    };
    let (was, is) = (score(was), score(is));
    let how = match is.parse::<u32>().ok().cmp(&was.parse::<u32>().ok()) {
        std::cmp::Ordering::Greater => format!("rose from {was} to {is}"),
        std::cmp::Ordering::Less => format!("fell from {was} to {is}"),
        std::cmp::Ordering::Equal => format!("stayed at {is}"),
    };
    let rests = match before.coverage.decided == coverage.decided {
        true => format!("on {} decided controls, as many as then", number(coverage.decided)),
        false => format!(
            "on {} decided controls instead of {}",
            number(coverage.decided),
            number(before.coverage.decided)
        ),
    };
    format!("Since {since} the score {how}, {rests}.")
}

fn opened(opened: &Opened) -> String {
    let total = opened.findings.total();
    if total == 0 {
        return "No finding was opened.".into();
    }
    let causes = [
        (opened.by_change(), "through changes in the cluster"),
        (opened.by_release, "through other checks or settings"),
        (opened.by_sight, "told for the first time by their check"),
    ];
    let findings = count(total, "finding was opened", "findings were opened");
    format!("{findings} ({}){}.", severities(opened.findings), why(total, &causes))
}

fn closed(closed: &Closed) -> String {
    let total = closed.findings.total();
    if total == 0 {
        return "None was closed.".into();
    }
    let causes = [
        (closed.by_change(), "put right"),
        (closed.by_deletion, "gone with what was deleted"),
        (closed.by_release, "through other checks or settings"),
    ];
    let findings = count(total, "was closed", "were closed");
    format!("{findings} ({}){}.", severities(closed.findings), why(total, &causes))
}

/// How many of them for which reason: all for the same is said shortly.
fn why(total: u32, causes: &[(u32, &str)]) -> String {
    let some: Vec<&(u32, &str)> = causes.iter().filter(|(n, _)| *n > 0).collect();
    match some.as_slice() {
        [(1, cause)] if total == 1 => format!(", {cause}"),
        [(_, cause)] => format!(", all {cause}"),
        some => {
            let words: Vec<String> = some
                .iter()
                .map(|(n, cause)| format!("{} {cause}", number(*n)))
                .collect();
            format!(": {}", list(&words))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_almost_all_is_not_all() {
        assert_eq!([100.0, 99.7, 58.6, 0.3, 0.0].map(score), ["100", "99", "59", "1", "0"]);
    }

    #[test]
    fn one_cause_of_all_is_said_shortly() {
        assert_eq!(why(3, &[(3, "by a"), (0, "by b")]), ", all by a");
        assert_eq!(why(1, &[(0, "by a"), (1, "by b")]), ", by b");
        assert_eq!(why(3, &[(2, "by a"), (1, "by b")]), ": 2 by a and 1 by b");
    }

    #[test]
    fn lists_end_with_and() {
        let words = |words: &[&str]| list(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["a"]), "a");
        assert_eq!(words(&["a", "b"]), "a and b");
        assert_eq!(words(&["a", "b", "c"]), "a, b and c");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn a_score_is_never_told_without_what_it_rests_on() {
        let controls = shared::compliance::ControlCounts {
            pass: 3,
            fail: 1,
            manual: 1,
            not_evaluated: 2,
            ..Default::default()
        };
        let told = rests_on(&ComplianceScore::from(controls));
        assert_eq!(
            told,
            "The score is 75 of 100. It rests on 4 of 7 controls. Of the rest, 2 could not be evaluated and 1 is for a person to \
             look at: that is neither good nor bad news."
        );
        let none = rests_on(&ComplianceScore::from(shared::compliance::ControlCounts {
            not_covered: 2,
            ..Default::default()
        }));
        assert!(
            none.starts_with("There is no score: none of 2 controls could be decided."),
            "{none}"
        );
    }
}
