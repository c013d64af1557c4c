//! What reports of kube-bench say of a framework's controls.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared::compliance::BenchEvidence;
use shared::frameworks::Framework;
use shared::kube_bench::{KubeBenchControl, KubeBenchReport, KubeBenchResult};

use crate::kube_bench::control_results;

/// How many nodes a sentence names.
const NAMED: usize = 3;

/// What reports say, by control, as far as they are of the framework's own benchmark.
pub fn bench_evidence(framework: &Framework, reports: &[KubeBenchReport]) -> BTreeMap<String, BenchEvidence> {
    let Some(benchmark) = &framework.benchmark else {
        return BTreeMap::new();
    };
    let of_benchmark = |report: &KubeBenchReport| KubeBenchReport {
        node: report.node.clone(),
        received: report.received,
        results: report
            .results
            .iter()
            .filter_map(|result| revised(result, benchmark))
            .collect(),
    };
    let reports: Vec<_> = reports.iter().map(of_benchmark).collect();
    let received: Received<'_> = reports
        .iter()
        .filter_map(|report| Some((report.node.as_str(), report.received?)))
        .collect();
    let results = control_results(&reports).into_iter();
    let results = results.map(|(id, control)| (id.control, evidence(&control, &received)));
    results.collect()
}

/// When the report of each node was handed in.
type Received<'a> = BTreeMap<&'a str, DateTime<Utc>>;

/// A result under the benchmark's own name, where it is of the benchmark or of a revision of it.
fn revised(result: &KubeBenchResult, benchmark: &str) -> Option<KubeBenchResult> {
    is_of(&result.benchmark, benchmark).then(|| KubeBenchResult {
        benchmark: benchmark.to_owned(),
        ..result.clone()
    })
}

/// Whether a report is of a benchmark, or of a revision of it: `cis-1.11.1` is one of `cis-1.11`.
fn is_of(reported: &str, benchmark: &str) -> bool {
    let rest = reported.strip_prefix(benchmark);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn evidence(control: &KubeBenchControl, received: &Received<'_>) -> BenchEvidence {
    let said = [
        ("fails on", &control.failing),
        ("a person must look on", &control.manual),
        ("was skipped on", &control.skipped),
        ("passes on", &control.passing),
    ];
    let nodes = said.iter().flat_map(|(_, nodes)| nodes.iter());
    let received = nodes.filter_map(|node| received.get(node.as_str())).min().copied();
    let told = said.into_iter().filter(|(_, nodes)| !nodes.is_empty());
    let evidence: Vec<String> = told.map(|(what, nodes)| format!("{what} {}", named(nodes))).collect();
    BenchEvidence {
        verdict: control.verdict,
        evidence: evidence.join(", "),
        received,
    }
}

fn named(nodes: &[String]) -> String {
    let names = nodes
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match nodes.len().saturating_sub(NAMED) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Verdict;

    use super::*;
    use crate::framework::by_id;
    use crate::kube_bench::parse;

    fn report(node: &str, version: &str, status: &str) -> KubeBenchReport {
        let json = format!(
            r#"[{{"version": "{version}", "tests": [{{"section": "4.1", "results": [
                {{"test_number": "4.1.1", "test_desc": "d", "status": "{status}", "scored": true}}]}}]}}]"#
        );
        parse(node, json.as_bytes()).unwrap()
    }

    #[test]
    fn reports_of_the_frameworks_own_benchmark_answer_and_name_the_nodes() {
        let framework = by_id("cis-1.12").unwrap();
        let reports = [
            report("a", "cis-1.12.1", "PASS"),
            report("b", "cis-1.12", "FAIL"),
            report("c", "cis-1.1", "FAIL"),
        ];
        let evidence = bench_evidence(framework, &reports);
        let control = &evidence["4.1.1"];
        assert_eq!(
            (control.verdict, control.evidence.as_str()),
            (Verdict::Fail, "fails on b, passes on a")
        );
        assert_eq!(control.received, None);
    }

    #[test]
    fn the_oldest_report_of_a_control_says_how_old_its_answer_is() {
        let day = |day| Some(DateTime::UNIX_EPOCH + chrono::Duration::days(day));
        let at = |mut report: KubeBenchReport, received| {
            report.received = received;
            report
        };
        let reports = [
            at(report("a", "cis-1.12", "PASS"), day(3)),
            at(report("b", "cis-1.12", "PASS"), day(2)),
            at(report("c", "eks-1.7.0", "PASS"), day(1)),
        ];
        let evidence = bench_evidence(by_id("cis-1.12").unwrap(), &reports);
        assert_eq!(evidence["4.1.1"].received, day(2));
    }
}
