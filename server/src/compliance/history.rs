//! What was concluded of a control over time, from what its checks concluded and kube-bench said then.

use std::collections::BTreeSet;

use analysis::framework::{Evidence, bench_evidence, evaluate};
use chrono::{DateTime, Utc};
use shared::compliance::ControlVerdict;
use shared::compliance::history::VerdictSpan;
use shared::frameworks::{Framework, FrameworkControl, FrameworkSection};
use shared::kube_bench::KubeBenchReport;

use super::{Concluded, Found, evidence};

/// What was known from one instant until another.
#[derive(Debug, Clone, PartialEq)]
pub struct Held<T> {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; none where it still is.
    pub to: Option<DateTime<Utc>>,
    /// What.
    pub what: T,
}

impl<T> Held<T> {
    fn is_at(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && self.to.is_none_or(|to| to > at)
    }
}

/// What checks concluded and found over time.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// What they concluded.
    pub results: Vec<Held<Concluded>>,
    /// What those found of which the control is about a part only.
    pub found: Vec<Held<Found>>,
    /// What kube-bench had said of nodes.
    pub kube_bench: Vec<Held<KubeBenchReport>>,
}

/// The verdicts of a control of a framework between two instants, in the order of time.
pub fn verdicts(
    (framework, control): (&Framework, &FrameworkControl),
    past: &Past,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<VerdictSpan> {
    let alone = alone(framework, control);
    let mut spans: Vec<VerdictSpan> = Vec::new();
    for at in past.instants(from, to) {
        let verdict = past.verdict(&alone, at);
        match spans.last_mut() {
            Some(last) if last.verdict == verdict => {}
            last => {
                if let Some(last) = last {
                    last.to = at;
                }
                spans.push(VerdictSpan { from: at, to, verdict });
            }
        }
    }
    spans
}

/// The framework as if it had that control and no other.
fn alone(framework: &Framework, control: &FrameworkControl) -> Framework {
    let text = String::new;
    let section = FrameworkSection {
        id: text(),
        title: text(),
        controls: vec![control.clone()],
    };
    Framework {
        id: text(),
        name: text(),
        title: text(),
        version: text(),
        publisher: text(),
        source: text(),
        note: text(),
        benchmark: framework.benchmark.clone(),
        sections: vec![section],
    }
}

impl Past {
    /// When something changed; `from` among them.
    fn instants(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> BTreeSet<DateTime<Utc>> {
        let results = self.results.iter().map(|held| (held.from, held.to));
        let found = self.found.iter().map(|held| (held.from, held.to));
        let said = self.kube_bench.iter().map(|held| (held.from, held.to));
        let changes = results
            .chain(found)
            .chain(said)
            .flat_map(|(from, to)| [Some(from), to])
            .flatten();
        let within = changes.filter(|at| *at > from && *at <= to);
        std::iter::once(from).chain(within).collect()
    }

    fn verdict(&self, alone: &Framework, at: DateTime<Utc>) -> ControlVerdict {
        let results = self.results.iter().filter(|held| held.is_at(at)).map(|held| &held.what);
        let found = self.found.iter().filter(|held| held.is_at(at)).map(|held| &held.what);
        let said = self.kube_bench.iter().filter(|held| held.is_at(at));
        let said: Vec<KubeBenchReport> = said.map(|held| held.what.clone()).collect();
        let evidence = Evidence {
            kube_bench: bench_evidence(alone, &said),
            ..evidence(results, found)
        };
        let compliance = evaluate(alone, &evidence);
        let mut controls = compliance.sections.iter().flat_map(|section| &section.controls);
        controls
            .next()
            .map_or(ControlVerdict::NotCovered, |control| control.verdict)
    }
}

#[cfg(test)]
mod tests {
    use analysis::framework::by_id;
    use analysis::kube_bench::parse;
    use shared::checks::CheckResult;
    use shared::frameworks::ControlCheck;
    use shared::verdict::Verdict;

    use super::*;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::Duration::days(day)
    }

    fn control(checks: &[&str]) -> FrameworkControl {
        let named = checks.iter().map(|check| ControlCheck {
            check: (*check).to_owned(),
            only: None,
        });
        FrameworkControl {
            id: "c".into(),
            title: "C".into(),
            checks: named.collect(),
            area: None,
            kube_bench: false,
            manual: None,
        }
    }

    fn held(check: &str, verdict: Verdict, from: i64, to: Option<i64>) -> Held<Concluded> {
        let result = CheckResult {
            check: check.into(),
            verdict,
            reason: String::new(),
            evaluated: 1,
            failed: u32::from(verdict == Verdict::Fail),
        };
        let what = Concluded {
            result,
            is_partial: false,
        };
        Held {
            from: day(from),
            to: to.map(day),
            what,
        }
    }

    fn told(
        control: &FrameworkControl,
        results: Vec<Held<Concluded>>,
        from: i64,
        to: i64,
    ) -> Vec<(i64, i64, ControlVerdict)> {
        let past = Past {
            results,
            ..Past::default()
        };
        spans(control, &past, from, to)
    }

    fn spans(control: &FrameworkControl, past: &Past, from: i64, to: i64) -> Vec<(i64, i64, ControlVerdict)> {
        let number = |at: DateTime<Utc>| (at - DateTime::UNIX_EPOCH).num_days();
        let cis = by_id("cis-1.12").unwrap();
        let spans = verdicts((cis, control), past, day(from), day(to));
        spans
            .iter()
            .map(|span| (number(span.from), number(span.to), span.verdict))
            .collect()
    }

    #[test]
    fn a_verdict_stands_until_another_follows() {
        let results = vec![
            held("a", Verdict::Pass, 0, Some(3)),
            held("a", Verdict::Fail, 3, Some(5)),
            held("a", Verdict::Fail, 5, None),
            held("b", Verdict::Pass, 0, None),
        ];
        let all = told(&control(&["a", "b"]), results.clone(), 0, 9);
        assert_eq!(all, [(0, 3, ControlVerdict::Pass), (3, 9, ControlVerdict::Fail)]);
        let last = told(&control(&["a", "b"]), results, 4, 9);
        assert_eq!(last, [(4, 9, ControlVerdict::Fail)]);
    }

    #[test]
    fn before_a_check_there_was_it_is_not_evaluated() {
        let told = told(&control(&["a"]), vec![held("a", Verdict::Pass, 2, None)], 0, 4);
        assert_eq!(
            told,
            [(0, 2, ControlVerdict::NotEvaluated), (2, 4, ControlVerdict::Pass)]
        );
    }

    #[test]
    fn what_kube_bench_said_stands_until_it_says_something_else_or_is_forgotten() {
        let said = |status: &str, from, to: Option<i64>| {
            let json = format!(
                r#"{{"version": "cis-1.12", "tests": [{{"results": [{{"test_number": "c", "status": "{status}"}}]}}]}}"#
            );
            Held {
                from: day(from),
                to: to.map(day),
                what: parse("n1", json.as_bytes()).unwrap(),
            }
        };
        let past = Past {
            kube_bench: vec![said("FAIL", 2, Some(4)), said("PASS", 4, Some(6))],
            ..Past::default()
        };
        let asked = FrameworkControl {
            kube_bench: true,
            ..control(&[])
        };
        assert_eq!(
            spans(&asked, &past, 0, 9),
            [
                (0, 2, ControlVerdict::NotEvaluated),
                (2, 4, ControlVerdict::Fail),
                (4, 6, ControlVerdict::Pass),
                (6, 9, ControlVerdict::NotEvaluated)
            ]
        );
    }
}
