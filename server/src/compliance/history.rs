//! What was concluded of a control over time, from what its checks concluded and kube-bench said then.

use std::collections::{BTreeMap, BTreeSet};

use analysis::framework::{Evidence, Failing, bench_evidence, concerns, evaluate};
use chrono::{DateTime, Utc};
use shared::compliance::ControlVerdict;
use shared::compliance::history::VerdictSpan;
use shared::findings::Witness;
use shared::frameworks::{Framework, FrameworkControl, FrameworkSection};
use shared::kube_bench::KubeBenchReport;
use shared::object::ObjectRef;
use shared::verdict::Severity;

use super::Concluded;

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

/// What tells of which part of its check a finding is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The check that found it.
    pub check: String,
    /// Its first witness.
    pub witness: Option<Witness>,
}

/// What checks concluded and found over time.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// What they concluded.
    pub results: Vec<Held<Concluded>>,
    /// What those found of which the control is about a part only.
    pub found: Vec<Held<Shown>>,
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
    let mut now = Now::before(control, past);
    let mut changes = past.changes(from, to).into_iter().peekable();
    let mut spans: Vec<VerdictSpan> = Vec::new();
    let mut next = Some(from);
    while let Some(at) = next {
        while let Some(change) = changes.next_if(|change| change.at == at) {
            now.apply(&change);
        }
        next = changes.peek().map(|change| change.at);
        let verdict = now.verdict(&alone);
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

/// Something that began or ceased to be known.
struct Change {
    at: DateTime<Utc>,
    begins: bool,
    what: Place,
}

/// Which of what is held.
#[derive(Clone, Copy)]
enum Place {
    Result(usize),
    Found(usize),
    Said(usize),
}

impl Past {
    /// What changed within a time in the order of time, what ends at an instant before what begins at it. What was known when
    /// that time began begins with it.
    fn changes(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Change> {
        let results = self.results.iter().enumerate();
        let results = results.map(|(place, held)| (held.from, held.to, Place::Result(place)));
        let found = self.found.iter().enumerate();
        let found = found.map(|(place, held)| (held.from, held.to, Place::Found(place)));
        let said = self.kube_bench.iter().enumerate();
        let said = said.map(|(place, held)| (held.from, held.to, Place::Said(place)));
        let mut changes = Vec::new();
        for (begin, end, what) in results.chain(found).chain(said) {
            let begin = begin.max(from);
            if begin > to || end.is_some_and(|end| end <= begin) {
                continue;
            }
            let ends = end.filter(|end| *end <= to);
            changes.extend(ends.map(|at| Change {
                at,
                begins: false,
                what,
            }));
            changes.push(Change {
                at: begin,
                begins: true,
                what,
            });
        }
        changes.sort_by_key(|change| (change.at, change.begins));
        changes
    }
}

/// What is known at an instant.
struct Now<'a> {
    control: &'a FrameworkControl,
    past: &'a Past,
    results: BTreeMap<&'a str, &'a Concluded>,
    /// For each check of the control, the findings that are about its part.
    found: Vec<BTreeSet<usize>>,
    /// What kube-bench has said.
    said: BTreeSet<usize>,
    /// A history tells no objects.
    somewhere: ObjectRef,
}

impl<'a> Now<'a> {
    /// Before anything is.
    fn before(control: &'a FrameworkControl, past: &'a Past) -> Self {
        Self {
            control,
            past,
            results: BTreeMap::new(),
            found: vec![BTreeSet::new(); control.checks.len()],
            said: BTreeSet::new(),
            somewhere: ObjectRef::cluster(),
        }
    }

    fn apply(&mut self, change: &Change) {
        match change.what {
            Place::Said(place) => {
                match change.begins {
                    true => self.said.insert(place),
                    false => self.said.remove(&place),
                };
            }
            Place::Result(place) => {
                let concluded = &self.past.results[place].what;
                let check = concluded.result.check.as_str();
                match change.begins {
                    true => self.results.insert(check, concluded),
                    false => self.results.remove(check),
                };
            }
            Place::Found(place) => {
                let shown = &self.past.found[place].what;
                for (named, found) in self.control.checks.iter().zip(&mut self.found) {
                    if named.check == shown.check && concerns(named, shown.witness.as_ref()) {
                        match change.begins {
                            true => found.insert(place),
                            false => found.remove(&place),
                        };
                    }
                }
            }
        }
    }

    fn verdict(&self, alone: &Framework) -> ControlVerdict {
        let compliance = evaluate(alone, &self.evidence(alone));
        let mut controls = compliance.sections.iter().flat_map(|section| &section.controls);
        controls
            .next()
            .map_or(ControlVerdict::NotCovered, |control| control.verdict)
    }

    /// Of the findings about a part one is enough.
    fn evidence(&self, alone: &Framework) -> Evidence<'_> {
        let mut failing: BTreeMap<&str, Vec<Failing<'_>>> = BTreeMap::new();
        for (named, found) in self.control.checks.iter().zip(&self.found) {
            failing
                .entry(&named.check)
                .or_default()
                .extend(found.first().map(|place| Failing {
                    object: &self.somewhere,
                    witness: self.past.found[*place].what.witness.as_ref(),
                    severity: Severity::Low,
                    since: None,
                }));
        }
        let partial = self.results.iter().filter(|(_, concluded)| concluded.is_partial);
        let results = self.results.iter();
        let said = self.said.iter().map(|place| self.past.kube_bench[*place].what.clone());
        Evidence {
            undecided: partial.map(|(check, _)| *check).collect(),
            results: results.map(|(check, concluded)| (*check, &concluded.result)).collect(),
            failing,
            kube_bench: bench_evidence(alone, &said.collect::<Vec<_>>()),
        }
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
    fn a_part_of_a_check_fails_as_long_as_one_finding_is_about_it() {
        let mut control = control(&["a"]);
        control.checks[0].only = Some("hostPID".into());
        let found = |field: &str, from: i64, to: i64| {
            let witness = Witness {
                object: ObjectRef::cluster(),
                path: format!("spec.{field}"),
                value: true.into(),
                measured: false,
            };
            let what = Shown {
                check: "a".into(),
                witness: Some(witness),
            };
            Held {
                from: day(from),
                to: Some(day(to)),
                what,
            }
        };
        let past = Past {
            results: vec![held("a", Verdict::Fail, 0, None)],
            found: vec![
                found("hostPID", 1, 3),
                found("hostPID", 2, 5),
                found("hostIPC", 0, 9),
                found("hostPID", 7, 7),
            ],
            ..Past::default()
        };
        assert_eq!(
            spans(&control, &past, 0, 9),
            [
                (0, 1, ControlVerdict::Pass),
                (1, 5, ControlVerdict::Fail),
                (5, 9, ControlVerdict::Pass)
            ]
        );
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
