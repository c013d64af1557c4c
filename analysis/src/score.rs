//! The posture score. The formula is told to users in `docs/score.md`.
//!
//! A check weighs 10, 6, 3 or 1 by its severity. It earns `1 − ∛(failed ÷ looked at)` of that: all of it when nothing
//! fails, nothing when everything does. The cube root makes the first failures cost the most, because one cluster-admin too
//! many undoes a thousand careful bindings: one in a thousand costs a tenth.
//! The score is what was earned of the weight that was decided, in per cent; its range is what it would be if everything
//! undecided failed wholly, or passed.

use shared::checks::CheckResult;
use shared::score::{Score, VerdictCounts};
use shared::verdict::{Severity, Verdict};

fn weight(severity: Severity) -> f32 {
    match severity {
        Severity::Critical => 10.0,
        Severity::High => 6.0,
        Severity::Medium => 3.0,
        Severity::Low => 1.0,
    }
}

/// The score of these checks, each by the severity of the check and its result.
pub fn score<'a>(results: impl IntoIterator<Item = (Severity, &'a CheckResult)>) -> Score {
    let (mut earned, mut decided, mut undecided) = (0.0, 0.0, 0.0);
    let mut verdicts = VerdictCounts::default();
    for (severity, result) in results {
        let weight = weight(severity);
        *count(&mut verdicts, result.verdict) += 1;
        match credit(result) {
            Some(credit) => (earned, decided) = (earned + weight * credit, decided + weight),
            None => undecided += weight,
        }
    }
    let total: f32 = decided + undecided;
    let per_cent = |part: f32, whole: f32| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    Score {
        value: (decided > 0.0).then(|| per_cent(earned, decided)),
        low: per_cent(earned, total),
        high: if total > 0.0 {
            per_cent(earned + undecided, total)
        } else {
            100.0
        },
        evidence: if total > 0.0 { decided / total } else { 0.0 },
        verdicts,
    }
}

fn credit(result: &CheckResult) -> Option<f32> {
    match result.verdict {
        Verdict::Pass | Verdict::Excepted => Some(1.0),
        Verdict::Fail => Some(1.0 - (result.failed as f32 / result.evaluated.max(1) as f32).cbrt()),
        Verdict::Manual | Verdict::NotEvaluated => None,
    }
}

fn count(counts: &mut VerdictCounts, verdict: Verdict) -> &mut u32 {
    match verdict {
        Verdict::Pass => &mut counts.pass,
        Verdict::Fail => &mut counts.fail,
        Verdict::Manual => &mut counts.manual,
        Verdict::NotEvaluated => &mut counts.not_evaluated,
        Verdict::Excepted => &mut counts.excepted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(verdict: Verdict, evaluated: u32, failed: u32) -> CheckResult {
        CheckResult {
            check: "c".into(),
            verdict,
            reason: String::new(),
            evaluated,
            failed,
        }
    }

    #[test]
    fn one_failure_in_a_thousand_costs_a_tenth_of_the_weight() {
        let results = [result(Verdict::Fail, 1000, 1)];
        let score = score(results.iter().map(|result| (Severity::High, result)));
        assert!((score.value.unwrap() - 90.0).abs() < 0.01, "{score:?}");
    }

    #[test]
    fn each_repair_raises_the_score_and_the_last_one_most() {
        let value = |failed| {
            let verdict = if failed == 0 { Verdict::Pass } else { Verdict::Fail };
            score([(Severity::Low, &result(verdict, 40, failed))]).value.unwrap()
        };
        let gains: Vec<f32> = (0..40).map(|failed| value(failed) - value(failed + 1)).collect();
        assert!(
            gains.is_sorted_by(|earlier, later| earlier > later) && gains[39] > 0.0,
            "{gains:?}"
        );
    }

    #[test]
    fn what_is_undecided_widens_the_range_and_not_the_score() {
        let results = [result(Verdict::Pass, 1, 0), result(Verdict::NotEvaluated, 0, 0)];
        let score = score(results.iter().map(|result| (Severity::Low, result)));
        assert_eq!(
            (score.value, score.low, score.high, score.evidence),
            (Some(100.0), 50.0, 100.0, 0.5)
        );
    }

    #[test]
    fn nothing_decided_is_no_score() {
        assert_eq!(score([]).value, None);
    }
}
