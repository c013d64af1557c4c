//! Frameworks held against what is known of a cluster: what the store keeps of a snapshot, or what a scan found.

pub mod history;

use std::collections::{BTreeMap, BTreeSet};

use analysis::Report;
use analysis::framework::{Evidence, Failing, bench_evidence, evaluate};
use chrono::{DateTime, Utc};
use shared::checks::CheckResult;
use shared::compliance::Compliance;
use shared::findings::Witness;
use shared::frameworks::Framework;
use shared::ids::{ClusterId, FindingId};
use shared::kube_bench::KubeBenchReport;
use shared::object::ObjectRef;
use shared::verdict::Severity;

/// What checks concluded of a cluster at one time, and what they found.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What each check concluded.
    pub results: Vec<Concluded>,
    /// The findings that were open.
    pub found: Vec<Found>,
    /// Reports of kube-bench.
    pub kube_bench: Vec<KubeBenchReport>,
}

/// What a check concluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concluded {
    /// Of the whole.
    pub result: CheckResult,
    /// Whether it could say nothing of some object.
    pub is_partial: bool,
}

/// A finding, as far as compliance is about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its id.
    pub id: FindingId,
    /// The check that found it.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// The fact, in one line.
    pub title: String,
    /// What is wrong, in a sentence or two.
    pub message: String,
    /// The object that a person would edit.
    pub object: ObjectRef,
    /// Its first witness.
    pub witness: Option<Witness>,
    /// Since when it has been open; none where nothing is stored.
    pub since: Option<DateTime<Utc>>,
    /// Whether it is there by design.
    pub is_expected: bool,
}

/// Why findings came and went between two snapshots, other than by what somebody changed.
#[derive(Debug, Clone, Default)]
pub struct Causes {
    /// Those that another release of the checks or of the model, or other settings, opened or closed.
    pub by_release: BTreeSet<FindingId>,
    /// Those that were there when their check could first tell.
    pub by_sight: BTreeSet<FindingId>,
    /// The objects that are gone, of findings that are closed.
    pub gone: BTreeSet<ObjectRef>,
}

impl Known {
    /// What was judged just now, with no store.
    pub fn judged(report: &Report, cluster: ClusterId, kube_bench: Vec<KubeBenchReport>) -> Self {
        let found = report.findings.iter().map(|finding| Found {
            id: finding.id(cluster),
            check: finding.check.to_string(),
            severity: finding.severity,
            title: finding.title.clone(),
            message: finding.message.clone(),
            object: finding.object.clone(),
            witness: finding.witness.first().cloned(),
            since: None,
            is_expected: finding.expected.is_some(),
        });
        Self {
            results: concluded(report),
            found: found.collect(),
            kube_bench,
        }
    }

    /// How the cluster stands against a framework.
    pub fn stand(&self, framework: &Framework) -> Compliance {
        let evidence = Evidence {
            kube_bench: bench_evidence(framework, &self.kube_bench),
            ..evidence(self.results.iter(), self.found.iter())
        };
        evaluate(framework, &evidence)
    }
}

/// What the checks of a report concluded.
pub fn concluded(report: &Report) -> Vec<Concluded> {
    let concluded = |result: &CheckResult| Concluded {
        result: result.clone(),
        is_partial: report.undecided.contains_key(result.check.as_str()),
    };
    report.results.iter().map(concluded).collect()
}

/// What a framework is held against.
fn evidence<'a>(
    results: impl Iterator<Item = &'a Concluded> + Clone,
    found: impl Iterator<Item = &'a Found>,
) -> Evidence<'a> {
    let mut failing: BTreeMap<&str, Vec<Failing<'_>>> = BTreeMap::new();
    for found in found {
        failing.entry(&found.check).or_default().push(Failing {
            object: &found.object,
            witness: found.witness.as_ref(),
            severity: found.severity,
            since: found.since,
        });
    }
    let partial = results.clone().filter(|concluded| concluded.is_partial);
    let results = results.map(|concluded| &concluded.result);
    Evidence {
        undecided: partial.map(|concluded| concluded.result.check.as_str()).collect(),
        results: results.map(|result| (result.check.as_str(), result)).collect(),
        failing,
        kube_bench: BTreeMap::new(),
    }
}
