//! What to decide now: the worst that is open, and what would close it.

use shared::reports::document::Decision;
use shared::verdict::Severity;

use super::groups::{Counted, Group};
use super::objects;
use crate::compliance::Found;

/// The most decisions that one meeting can take.
const MOST: usize = 5;
/// So many are told of, however small they are.
const FEWEST: usize = 3;

/// Decisions, the most pressing first. What is there by design is not put up for one.
pub(super) fn decisions(counted: &Counted<'_>) -> Vec<Decision> {
    let all = counted.groups().iter().filter_map(decision).take(MOST).enumerate();
    let pressing = all.filter(|(place, decision)| *place < FEWEST || decision.severity > Severity::Low);
    pressing.map(|(_, decision)| decision).collect()
}

fn decision(group: &Group<'_>) -> Option<Decision> {
    let findings: Vec<&Found> = group
        .findings
        .iter()
        .copied()
        .filter(|found| !found.is_expected)
        .collect();
    let worst = findings
        .iter()
        .max_by_key(|found| (found.severity, std::cmp::Reverse(&found.id)))?;
    let title = match findings.as_slice() {
        [only] => only.title.clone(),
        _ => group.title().to_owned(),
    };
    Some(Decision {
        check: group.id.to_owned(),
        severity: worst.severity,
        title,
        why: group.check.as_ref().map_or_else(
            || worst.message.clone(),
            |check| first_sentence(&check.rationale).to_owned(),
        ),
        fix: group.remediation().to_owned(),
        findings: u32::try_from(findings.len()).unwrap_or(u32::MAX),
        since: findings.iter().filter_map(|found| found.since).min(),
        objects: objects(findings.into_iter()),
        controls: group.controls.clone(),
    })
}

/// Up to the first full stop that ends a sentence: one within a word or a number ends none.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map_or(text.len(), |dot| dot + 1);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn a_full_stop_within_a_word_ends_no_sentence() {
        assert_eq!(first_sentence("Since 1.30 it is so. And more."), "Since 1.30 it is so.");
        assert_eq!(first_sentence("One only."), "One only.");
    }
}
