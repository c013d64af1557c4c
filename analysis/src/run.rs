//! Runs checks over a cluster and sums up what they say.

use std::collections::BTreeSet;

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
    pub undecided: BTreeSet<(CheckId, ObjectRef)>,
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
    let cluster = Cluster::with(snapshot, now, settings);
    let mut report = Report {
        catalogue: catalogue.clone(),
        settings: settings.clone(),
        ..Report::default()
    };
    for check in checks {
        match unmet_need(check.reads, snapshot) {
            Some(reason) => report.leave(check.id, reason),
            None => report.add(&check.id.into(), outcomes(check, &cluster)),
        }
    }
    let said = custom::outcomes(catalogue.own(), &cluster);
    for (check, outcomes) in catalogue.own().iter().zip(said) {
        match unmet_need(&check.needs(), snapshot) {
            Some(reason) => report.leave(&check.id, reason),
            None => report.add(&check.id.clone().into(), outcomes),
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

    /// Adds what a check says, subject by subject.
    fn add(&mut self, check: &CheckId, outcomes: Vec<(ObjectRef, Outcome)>) {
        let (mut evaluated, mut failed) = (0, 0);
        let (mut manual, mut not_evaluated) = (None, None);
        for (subject, outcome) in outcomes {
            match outcome {
                Outcome::NotApplicable => continue,
                Outcome::Pass => evaluated += 1,
                Outcome::Fail(findings) => {
                    (evaluated, failed) = (evaluated + 1, failed + 1);
                    self.findings.extend(findings);
                }
                Outcome::FailInPart(findings, _) => {
                    (evaluated, failed) = (evaluated + 1, failed + 1);
                    self.findings.extend(findings);
                    self.undecided.insert((check.clone(), subject));
                }
                Outcome::Manual(reason) => _ = manual.get_or_insert(reason),
                Outcome::NotEvaluated(reason) => {
                    self.undecided.insert((check.clone(), subject));
                    not_evaluated.get_or_insert(reason);
                }
            }
        }
        let (verdict, reason) = match (failed, not_evaluated, manual) {
            (1.., ..) => (Verdict::Fail, String::new()),
            (0, Some(reason), _) => (Verdict::NotEvaluated, reason),
            (0, None, Some(reason)) => (Verdict::Manual, reason),
            (0, None, None) => (Verdict::Pass, String::new()),
        };
        self.results.push(result(check, verdict, reason, evaluated, failed));
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

/// What one check says, subject by subject. Whether what it needs was read is not asked here.
pub(crate) fn outcomes(check: &Check, cluster: &Cluster<'_>) -> Vec<(ObjectRef, Outcome)> {
    let mut outcomes = judged(check.judge, cluster);
    if check.area == Area::Privileged {
        let findings = outcomes.iter_mut().flat_map(|(_, outcome)| outcome.findings_mut());
        findings.for_each(|finding| finding.expected = cluster.platform().reason(finding));
    }
    outcomes
}

fn judged(judge: Judge, cluster: &Cluster<'_>) -> Vec<(ObjectRef, Outcome)> {
    match judge {
        Judge::Workload(judge) => cluster
            .workloads
            .iter()
            .map(|workload| (workload.reference.clone(), judge(cluster, workload)))
            .collect(),
        Judge::Object(kinds, judge) => {
            let objects = kinds.iter().flat_map(|kind| cluster.snapshot.of(*kind));
            objects
                .map(|object| (object.reference(), judge(cluster, object)))
                .collect()
        }
        Judge::Namespace(judge) => {
            let objects = cluster.snapshot.of(Kind::Namespace);
            let judged = |object: &std::sync::Arc<Object>| match object.as_ref() {
                Object::Namespace(namespace) => judge(cluster, namespace),
                _ => Outcome::NotApplicable,
            };
            let read = objects.iter().map(|object| (object.reference(), judged(object)));
            read.chain(namespaces_unread(cluster)).collect()
        }
        Judge::Cluster(judge) => vec![(ObjectRef::cluster(), judge(cluster))],
        Judge::Each(judges) => judges.iter().flat_map(|judge| judged(*judge, cluster)).collect(),
    }
}

/// The namespaces that hold workloads and were not read themselves, as where manifests leave it to somebody else to make
/// them.
fn namespaces_unread(cluster: &Cluster<'_>) -> impl Iterator<Item = (ObjectRef, Outcome)> {
    let names: BTreeSet<&str> = cluster
        .workloads
        .iter()
        .map(|workload| workload.reference.namespace.as_str())
        .filter(|name| cluster.snapshot.find::<Namespace>("", name).is_none())
        .collect();
    names.into_iter().map(|name| {
        let meta = ObjectMeta {
            name: name.to_owned(),
            ..ObjectMeta::default()
        };
        let reason = format!("Namespace {name} holds workloads, but there is no Namespace object of it.");
        (Kind::Namespace.reference(&meta), Outcome::NotEvaluated(reason))
    })
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
