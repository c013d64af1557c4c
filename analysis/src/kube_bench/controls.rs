//! What the runs on all nodes say of each control.

use std::collections::BTreeMap;

use shared::kube_bench::{KubeBenchControl, KubeBenchReport, KubeBenchResult, KubeBenchStatus};
use shared::verdict::Verdict;

/// A control of a benchmark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ControlId {
    /// The benchmark, as kube-bench calls it: `cis-1.12`.
    pub benchmark: String,
    /// Its own id: `1.2.6`.
    pub control: String,
}

/// What the reports say of each control: it fails if it fails on any node, and passes only if it passes on each that was
/// asked. Of two reports of a node the worse counts.
pub fn control_results(reports: &[KubeBenchReport]) -> BTreeMap<ControlId, KubeBenchControl> {
    let mut statuses: BTreeMap<ControlId, Tally<'_>> = BTreeMap::new();
    for report in reports {
        for result in &report.results {
            let id = ControlId {
                benchmark: result.benchmark.clone(),
                control: result.control.clone(),
            };
            let tally = statuses.entry(id).or_insert_with(|| Tally::new(result));
            let verdict = tally.verdicts.entry(&report.node).or_insert(Verdict::Pass);
            *verdict = worse(*verdict, verdict_of(result.status));
        }
    }
    statuses.into_iter().map(|(id, tally)| (id, tally.control())).collect()
}

/// A control, and what it came to on each node.
struct Tally<'a> {
    first: &'a KubeBenchResult,
    verdicts: BTreeMap<&'a str, Verdict>,
}

/// A warning is a control for a person, or one that does not count for the score and was not confirmed: a person must look
/// either way.
fn verdict_of(status: KubeBenchStatus) -> Verdict {
    match status {
        KubeBenchStatus::Pass => Verdict::Pass,
        KubeBenchStatus::Fail => Verdict::Fail,
        KubeBenchStatus::Warn => Verdict::Manual,
        KubeBenchStatus::Info => Verdict::NotEvaluated,
    }
}

/// The one that counts where both are said, in the order in which a check sums up its subjects.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    const WORST_FIRST: [Verdict; 3] = [Verdict::Fail, Verdict::NotEvaluated, Verdict::Manual];
    let said = WORST_FIRST.into_iter().find(|verdict| [one, other].contains(verdict));
    said.unwrap_or(Verdict::Pass)
}

impl<'a> Tally<'a> {
    fn new(first: &'a KubeBenchResult) -> Self {
        Self {
            first,
            verdicts: BTreeMap::new(),
        }
    }

    fn control(self) -> KubeBenchControl {
        let verdict = self.verdicts.values().copied().fold(Verdict::Pass, worse);
        KubeBenchControl {
            description: self.first.description.clone(),
            remediation: self.first.remediation.clone(),
            verdict,
            reason: self.reason(verdict),
            passing: self.nodes(Verdict::Pass),
            failing: self.nodes(Verdict::Fail),
            manual: self.nodes(Verdict::Manual),
            skipped: self.nodes(Verdict::NotEvaluated),
        }
    }

    fn nodes(&self, wanted: Verdict) -> Vec<String> {
        let nodes = self.verdicts.iter().filter(|(_, verdict)| **verdict == wanted);
        nodes.map(|(node, _)| (*node).to_owned()).collect()
    }

    fn reason(&self, verdict: Verdict) -> String {
        let nodes = self.nodes(verdict).join(", ");
        match verdict {
            Verdict::Manual if self.first.manual => format!("Only a person can tell; look at {nodes}."),
            Verdict::Manual => format!("kube-bench could not confirm it, and warns; look at {nodes}."),
            Verdict::NotEvaluated => format!("kube-bench skipped it on {nodes}."),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use KubeBenchStatus::{Fail, Info, Pass, Warn};

    fn report(node: &str, results: &[(&str, &str, KubeBenchStatus)]) -> KubeBenchReport {
        let result = |(benchmark, control, status): &(&str, &str, KubeBenchStatus)| KubeBenchResult {
            benchmark: (*benchmark).into(),
            control: (*control).into(),
            description: format!("what {control} asks for"),
            remediation: String::new(),
            status: *status,
            manual: *control == "5.1.1",
            scored: true,
        };
        KubeBenchReport {
            node: node.into(),
            received: None,
            results: results.iter().map(result).collect(),
        }
    }

    fn verdict(reports: &[KubeBenchReport]) -> (Verdict, KubeBenchControl) {
        let control = control_results(reports).into_values().next().unwrap();
        (control.verdict, control)
    }

    fn on_two(one: KubeBenchStatus, other: KubeBenchStatus) -> (Verdict, KubeBenchControl) {
        let of = |node, status| report(node, &[("cis-1.12", "4.1.1", status)]);
        verdict(&[of("n2", one), of("n1", other)])
    }

    #[test]
    fn one_node_that_fails_fails_the_control_and_is_named() {
        let (verdict, control) = on_two(Fail, Pass);
        assert_eq!(verdict, Verdict::Fail);
        assert_eq!(
            (control.failing, control.passing),
            (vec!["n2".to_owned()], vec!["n1".to_owned()])
        );
        assert_eq!(control.reason, "");
    }

    #[test]
    fn it_passes_only_where_every_node_does() {
        assert_eq!(on_two(Pass, Pass).0, Verdict::Pass);
        assert_eq!(on_two(Pass, Warn).0, Verdict::Manual);
        assert_eq!(on_two(Pass, Info).0, Verdict::NotEvaluated);
        assert_eq!(on_two(Warn, Info).0, Verdict::NotEvaluated);
        assert_eq!(on_two(Info, Fail).0, Verdict::Fail);
    }

    #[test]
    fn why_a_person_must_look_is_said() {
        let reason = |control| verdict(&[report("n1", &[("cis-1.12", control, Warn)])]).1.reason;
        assert_eq!(reason("5.1.1"), "Only a person can tell; look at n1.");
        assert_eq!(
            reason("1.2.27"),
            "kube-bench could not confirm it, and warns; look at n1."
        );
    }

    #[test]
    fn of_two_reports_of_a_node_the_worse_counts_whatever_their_order() {
        let of = |status| report("n1", &[("cis-1.12", "4.1.1", status)]);
        for reports in [[of(Fail), of(Pass)], [of(Pass), of(Fail)]] {
            let (verdict, control) = verdict(&reports);
            assert_eq!(verdict, Verdict::Fail);
            assert!(control.passing.is_empty());
        }
    }

    #[test]
    fn controls_of_different_benchmarks_are_not_confused() {
        let both = [report(
            "n1",
            &[("cis-1.12", "4.1.1", Pass), ("eks-1.7.0", "4.1.1", Fail)],
        )];
        let results = control_results(&both);
        let verdicts: Vec<_> = results
            .iter()
            .map(|(id, control)| (id.benchmark.as_str(), control.verdict))
            .collect();
        assert_eq!(verdicts, [("cis-1.12", Verdict::Pass), ("eks-1.7.0", Verdict::Fail)]);
    }
}
