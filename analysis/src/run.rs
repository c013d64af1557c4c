//! Runs checks over a cluster and sums up what they say.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use shared::checks::CheckResult;
use shared::object::ObjectRef;
use shared::score::Score;
use shared::snapshots::Collected;
use shared::verdict::{Area, Verdict};

use crate::catalogue::Catalogue;
use crate::check::{Check, Judge, Need, Outcome};
use crate::checks::CHECKS;
use crate::cluster::Cluster;
use crate::custom;
use crate::finding::{CheckId, Finding};
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Object, Snapshot};
use crate::score::score;
use crate::settings::{self, Settings};

/// What all checks say of a snapshot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What each check concluded, in the order of the catalogue.
    pub results: Vec<CheckResult>,
    /// Objects about which a check that concluded something could still say nothing: their findings stay as they were.
    pub undecided: BTreeMap<CheckId, BTreeSet<ObjectRef>>,
    /// The checks that there were.
    pub catalogue: Catalogue,
    /// What the cluster's owner had decided.
    pub settings: Settings,
}

/// Runs every check, without settings.
pub fn run(snapshot: &Snapshot, now: DateTime<Utc>) -> Report {
    run_with(CHECKS, snapshot, &settings::NONE, now)
}

/// Runs these checks.
pub fn run_with(checks: &[&'static Check], snapshot: &Snapshot, settings: &Settings, now: DateTime<Utc>) -> Report {
    run_all(checks, &Catalogue::default(), snapshot, settings, now)
}

/// Runs these checks, and all of the user's own.
pub fn run_all(
    checks: &[&'static Check],
    catalogue: &Catalogue,
    snapshot: &Snapshot,
    settings: &Settings,
    now: DateTime<Utc>,
) -> Report {
    run_on(checks, catalogue, &Cluster::with(snapshot, now, settings))
}

/// Runs these checks, and all of the user's own, on a cluster of which more is to be asked.
pub fn run_on(checks: &[&'static Check], catalogue: &Catalogue, cluster: &Cluster<'_>) -> Report {
    let snapshot = cluster.snapshot;
    let mut report = Report {
        catalogue: catalogue.clone(),
        settings: cluster.settings.clone(),
        ..Report::default()
    };
    let unmet: Vec<_> = checks.iter().map(|check| unmet_need(check.reads, snapshot)).collect();
    let judging = |(check, unmet): (&&'static Check, &Option<String>)| unmet.is_none().then_some(*check);
    let judging: Vec<&Check> = checks.iter().zip(&unmet).filter_map(judging).collect();
    let mut tallies: Vec<Tally> = judging.iter().map(|_| Tally::default()).collect();
    ask(&judging, cluster, &mut |place, outcome, subject| {
        tallies[place].add(outcome, subject)
    });
    report
        .findings
        .reserve(tallies.iter().map(|tally| tally.findings.len()).sum());
    let mut tallies = tallies.into_iter();
    for (check, unmet) in checks.iter().zip(unmet) {
        match unmet {
            Some(reason) => report.leave(check.id, reason),
            None => report.add(check.id.into(), tallies.next().unwrap_or_default()),
        }
    }
    let said = custom::outcomes(catalogue.own(), cluster);
    for (check, outcomes) in catalogue.own().iter().zip(said) {
        match unmet_need(&check.needs(), snapshot) {
            Some(reason) => report.leave(&check.id, reason),
            None => report.add(check.id.clone().into(), Tally::of(outcomes)),
        }
    }
    report
}

impl Report {
    /// The score of what the checks concluded.
    pub fn score(&self) -> Score {
        let severity = |result: &CheckResult| self.catalogue.named(&result.check).map(|check| check.severity);
        score(
            self.results
                .iter()
                .filter_map(|result| Some((severity(result)?, result))),
        )
    }

    /// Adds that a check could say nothing.
    fn leave(&mut self, check: &str, reason: String) {
        self.results.push(result(check, Verdict::NotEvaluated, reason, 0, 0));
    }

    /// Adds what a check says.
    fn add(&mut self, check: CheckId, tally: Tally) {
        let (verdict, reason) = match (tally.failed, tally.not_evaluated, tally.manual) {
            (1.., ..) => (Verdict::Fail, String::new()),
            (0, Some(reason), _) => (Verdict::NotEvaluated, reason),
            (0, None, Some(reason)) => (Verdict::Manual, reason),
            (0, None, None) => (Verdict::Pass, String::new()),
        };
        self.results
            .push(result(&check, verdict, reason, tally.evaluated, tally.failed));
        self.findings.extend(tally.findings);
        if !tally.undecided.is_empty() {
            self.undecided.insert(check, tally.undecided.into_iter().collect());
        }
    }
}

/// What a check says, summed up over its subjects.
#[derive(Debug, Default)]
struct Tally {
    evaluated: u32,
    failed: u32,
    findings: Vec<Finding>,
    undecided: Vec<ObjectRef>,
    manual: Option<String>,
    not_evaluated: Option<String>,
}

impl Tally {
    fn of(outcomes: Vec<(ObjectRef, Outcome)>) -> Self {
        let mut tally = Self::default();
        for (subject, outcome) in outcomes {
            tally.add(outcome, &|| subject.clone());
        }
        tally
    }

    fn add(&mut self, outcome: Outcome, subject: &dyn Fn() -> ObjectRef) {
        let (evaluated, failed) = match &outcome {
            Outcome::Pass => (1, 0),
            Outcome::Fail(_) | Outcome::FailInPart(..) => (1, 1),
            Outcome::NotApplicable | Outcome::Manual(_) | Outcome::NotEvaluated(_) => (0, 0),
        };
        self.evaluated += evaluated;
        self.failed += failed;
        match outcome {
            Outcome::NotApplicable | Outcome::Pass => {}
            Outcome::Fail(findings) => self.findings.extend(findings),
            Outcome::FailInPart(findings, _) => {
                self.findings.extend(findings);
                self.undecided.push(subject());
            }
            Outcome::Manual(reason) => _ = self.manual.get_or_insert(reason),
            Outcome::NotEvaluated(reason) => {
                self.undecided.push(subject());
                self.not_evaluated.get_or_insert(reason);
            }
        }
    }
}

fn result(check: &str, verdict: Verdict, reason: String, evaluated: u32, failed: u32) -> CheckResult {
    CheckResult {
        check: check.to_owned(),
        verdict,
        reason,
        evaluated,
        failed,
    }
}

/// Takes what is said of a subject: by the check in which place, what, and of whom, for those who ask.
type Tell<'t> = dyn FnMut(usize, Outcome, &dyn Fn() -> ObjectRef) + 't;

/// Asks these checks. Whether what they need was read is not asked here.
///
/// A workload is shown to all checks before the next one is: what one of them brought into the processor's cache is
/// still there for the others.
fn ask(checks: &[&Check], cluster: &Cluster<'_>, tell: &mut Tell<'_>) {
    let mut tell = |place: usize, mut outcome: Outcome, subject: &dyn Fn() -> ObjectRef| {
        if checks[place].area == Area::Privileged {
            let findings = outcome.findings_mut().iter_mut();
            findings.for_each(|finding| finding.expected = cluster.platform().reason(finding));
        }
        tell(place, outcome, subject);
    };
    let places = checks.iter().enumerate();
    let judges: Vec<_> = places.flat_map(|(place, check)| parts(place, check.judge)).collect();
    for workload in &cluster.workloads {
        for (place, judge) in &judges {
            if let Judge::Workload(judge) = judge {
                tell(*place, judge(cluster, workload), &|| workload.reference.clone());
            }
        }
    }
    let unread = namespaces_unread(cluster);
    for (place, judge) in judges {
        ask_of_others(judge, cluster, &unread, &mut |outcome, subject| {
            tell(place, outcome, subject)
        });
    }
}

/// The ways in which a check judges, each with the check's place.
fn parts(place: usize, judge: Judge) -> Vec<(usize, Judge)> {
    match judge {
        Judge::Each(judges) => judges.iter().flat_map(|judge| parts(place, *judge)).collect(),
        one => vec![(place, one)],
    }
}

/// Asks of subjects other than workloads.
fn ask_of_others(
    judge: Judge,
    cluster: &Cluster<'_>,
    unread: &[(ObjectRef, String)],
    tell: &mut dyn FnMut(Outcome, &dyn Fn() -> ObjectRef),
) {
    match judge {
        Judge::Workload(_) | Judge::Each(_) => {}
        Judge::Object(kinds, judge) => {
            for object in kinds.iter().flat_map(|kind| cluster.snapshot.of(*kind)) {
                tell(judge(cluster, object), &|| object.reference());
            }
        }
        Judge::Namespace(judge) => {
            for object in cluster.snapshot.of(Kind::Namespace) {
                if let Object::Namespace(namespace) = object.as_ref() {
                    tell(judge(cluster, namespace), &|| object.reference());
                }
            }
            for (namespace, reason) in unread {
                tell(Outcome::NotEvaluated(reason.clone()), &|| namespace.clone());
            }
        }
        Judge::Cluster(judge) => tell(judge(cluster), &ObjectRef::cluster),
    }
}

/// What one check says, subject by subject.
#[cfg(test)]
pub(crate) fn outcomes(check: &Check, cluster: &Cluster<'_>) -> Vec<(ObjectRef, Outcome)> {
    let mut outcomes = Vec::new();
    ask(&[check], cluster, &mut |_, outcome, subject| {
        outcomes.push((subject(), outcome))
    });
    outcomes
}

/// The namespaces that hold workloads and were not read themselves, as where manifests leave it to somebody else to make
/// them, and what is said of them.
fn namespaces_unread(cluster: &Cluster<'_>) -> Vec<(ObjectRef, String)> {
    let is_unread = |name: &&str| cluster.snapshot.find::<Namespace>("", name).is_none();
    let said = |name: &str| {
        let meta = ObjectMeta {
            name: name.to_owned(),
            ..ObjectMeta::default()
        };
        let reason = format!("Namespace {name} holds workloads, but there is no Namespace object of it.");
        (Kind::Namespace.reference(&meta), reason)
    };
    cluster.namespaces_in_use().filter(is_unread).map(said).collect()
}

/// Why a check can't decide, naming what was not read; none where it can.
pub(crate) fn unmet_need(needs: &[Need], snapshot: &Snapshot) -> Option<String> {
    needs.iter().find_map(|need| {
        let outcome = snapshot.outcome(need.kind());
        let met = match need {
            Need::Read(_) => matches!(outcome, Collected::Collected { .. }),
            Need::IfServed(_) => outcome.is_known(),
        };
        (!met).then(|| why(&need.kind().info().resource(), &outcome))
    })
}

/// Why nothing is known of a resource, in a sentence; empty where it was read.
pub(crate) fn why(resource: &str, outcome: &Collected) -> String {
    match outcome {
        Collected::Denied { .. } => format!("Reading {resource} was denied."),
        Collected::Absent => format!("The cluster does not serve {resource}."),
        Collected::Failed { reason } => format!("Reading {resource} failed: {reason}."),
        Collected::Skipped { reason } => format!("{resource} was not read: {reason}."),
        Collected::Collected { .. } => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    #[test]
    fn a_namespace_that_is_not_among_the_manifests_is_not_evaluated() {
        let manifests = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
";
        let report = run(&snapshot(manifests), DateTime::UNIX_EPOCH);
        for (check, result) in CHECKS.iter().zip(&report.results) {
            if matches!(check.judge, Judge::Namespace(_)) {
                assert_eq!(result.verdict, Verdict::NotEvaluated, "{}", check.id);
                assert!(result.reason.contains("Namespace shop"), "{}", result.reason);
            }
        }
    }

    #[test]
    fn no_check_passes_on_a_kind_that_was_denied() {
        for denied in Kind::ALL {
            let mut snapshot = snapshot("");
            snapshot.set(
                *denied,
                Collected::Denied {
                    reason: "forbidden".into(),
                },
                Vec::new(),
            );
            let report = run(&snapshot, DateTime::UNIX_EPOCH);
            for (check, result) in CHECKS.iter().zip(&report.results) {
                let reads = check.reads.iter().any(|need| need.kind() == *denied);
                assert!(
                    !reads || result.verdict == Verdict::NotEvaluated,
                    "{} passes without {denied}",
                    check.id
                );
            }
        }
    }
}
